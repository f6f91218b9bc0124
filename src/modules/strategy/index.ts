/** The door of `strategy`: plans, outcomes, objectives, commitments, frames. */
export { type FrameFile, loadFrame, shippedFrames } from './exchange-frame.ts'
export {
  cardOf,
  headlineCards,
  hrefOf,
  missedCards,
  type NamedLink,
  type OutcomeCard,
  type Text,
  textIn,
} from './queries-cards.ts'
export { unlikelyCards } from './queries-chance.ts'
export { commitmentsDue } from './queries-outcome.ts'
export { publicationsWaiting } from './queries-publish.ts'
export { type VisionNow, visionAt } from './queries-vision.ts'
