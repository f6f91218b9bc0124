/** The door of `strategy`: plans, vision, outcomes, objectives, commitments, frames. */
export { type FrameFile, loadFrame, shippedFrames } from './exchange-frame.ts'
export { category, commitment, frame, objective, outcome, plan, sentence, vision } from './records.ts'
