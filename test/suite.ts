import tap, { type Test } from 'tap'

/**
 * What a test file hangs its tests on. By itself (`node dist/test/….test.js`) a file is all there is, and this is tap;
 * where files are run one after another in one process, it is the test that stands for the file.
 *
 * A file that wants a process of its own, since it changes what all in it share, takes `t` from tap instead.
 */
export let t: Test = tap

/** For the runner, before it imports a file. */
export function setSuite (file: Test): void {
  t = file
}
