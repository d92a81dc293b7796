/** Folders of the system's own tools. They are found whatever the `PATH` of this process is. */
export const TOOLS_PATH = "/usr/bin:/bin:/usr/sbin:/sbin";
