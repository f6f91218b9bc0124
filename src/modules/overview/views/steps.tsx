import { Icon } from '#web/icon.tsx'
import type { StepView } from './parts.tsx'

/** Sentences, each with the one step it asks for. */
export function StepList({ steps }: { steps: readonly StepView[] }) {
  return (
    <div class="cw-next">
      <ol>
        {steps.map((step) => (
          <li key={step.key}>
            <div class="cw-next-words">
              <a class="cw-cover" href={step.href}>
                {step.sentence}
              </a>
              <p>{step.step}</p>
            </div>
            <Icon name="chevron-right" />
          </li>
        ))}
      </ol>
    </div>
  )
}
