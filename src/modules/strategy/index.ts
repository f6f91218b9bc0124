/** The door of `strategy`: frames. */
export { type FrameFile, loadFrame } from './exchange-frame.ts'
