/** One catalog of the files of a language; each has the texts of its folder, under keys that begin with the folder's name. */
export function join(files: Record<string, Record<string, string>>): Record<string, string> {
  return Object.assign({}, ...Object.values(files)) as Record<string, string>
}
