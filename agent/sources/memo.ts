import type { Sources } from '../probe.ts';

/** Makes each read once a run, however many probes ask for it, errors included. */
export function readOnce(sources: Sources): Sources {
  const answers = new Map<string, Promise<unknown>>();
  const once = <T>(key: unknown[], read: () => Promise<T>): Promise<T> => {
    const name = JSON.stringify(key);
    const known = answers.get(name) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const answer = read();
    answers.set(name, answer);
    return answer;
  };
  return {
    ...sources,
    command: (argv, options = {}) =>
      once(['command', argv, options.as, options.stdin], () => sources.command(argv, options)),
    file: (path) => once(['file', path], () => sources.file(path)),
    fileBytes: (path) => once(['fileBytes', path], () => sources.fileBytes(path)),
    directory: (path) => once(['directory', path], () => sources.directory(path)),
    registry: (key) => once(['registry', key.toLowerCase()], () => sources.registry(key)),
    wmi: (query, namespace) => once(['wmi', query, namespace], () => sources.wmi(query, namespace)),
    powershell: (name) => once(['powershell', name], () => sources.powershell(name)),
    win32: (name, args) => once(['win32', name, args], () => sources.win32(name, args)),
    systemInformation: (name) => once(['systeminformation', name], () => sources.systemInformation(name)),
  };
}
