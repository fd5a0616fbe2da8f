import { readFileSync } from 'node:fs';

/** Milliseconds between two looks at the processes above. */
const interval = 200;

/**
 * Calls back once when npm, which started this process, is gone. npm hands a signal to its shell only, and a killed npm
 * hands on none: without this the runtime would live on and keep the port.
 *
 * Does nothing in a process that no npm script started, which may outlive the terminal.
 */
export function onParentGone(gone: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const { ppid } = process;
  const npm = aboveShell(ppid);
  const timer = setInterval(() => {
    if (process.ppid === ppid && (npm === undefined || isAlive(npm))) return;
    clearInterval(timer);
    gone();
  }, interval).unref();
}

/** npm runs scripts in a shell; one that does not make way for the command stands between, and outlives npm. */
function aboveShell(pid: number): number | undefined {
  try {
    // Linux only; elsewhere the shell makes way. See proc(5), /proc/pid/stat.
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return /^(?:ba|da|k|z|a)?sh$/.test(name ?? '') ? Number(parent) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
