/** Heads of the columns with how many laptops fail, could not be told and pass. */
export const OutcomeHeads = () => (
  <>
    <th scope="col" class="number">
      Fails
    </th>
    <th scope="col" class="number">
      Not told
    </th>
    <th scope="col" class="number">
      Passes
    </th>
  </>
);
