import { article30Record, assessmentDraft, staffNotice } from './processing.ts';

/** What the collector says of itself, as documents. */
export const privacyDocuments = [
  {
    id: 'staff-notice',
    title: 'Notice to staff',
    about: 'What people are told before their laptop joins (Art. 13).',
    parts: staffNotice,
  },
  {
    id: 'article-30',
    title: 'Record of processing',
    about: 'The entry of this collector in the record of processing activities (Art. 30(1)).',
    parts: article30Record,
  },
  {
    id: 'impact-assessment',
    title: 'Draft impact assessment',
    about: 'To be finished with what staff say and the advice of the data protection officer (Art. 35).',
    parts: assessmentDraft,
  },
] as const;
