/** The door of `strategy`: plans, outcomes, objectives, commitments, frames. */
export { type FrameFile, loadFrame } from './exchange-frame.ts'
export { cardOf, type OutcomeCard } from './pages-cards.ts'
export { headlineCards, missedCards, unlikelyCards } from './pages-headlines.ts'
export { commitmentsDue } from './queries-outcome.ts'
export { publicationsWaiting } from './queries-publish.ts'
export { type CurrentVision, visionAt } from './queries-vision.ts'
