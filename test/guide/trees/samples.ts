import { cityRef, dayFor, type Sample, sampleRecord, sampleRef } from '#platform/samples.ts'
import { inspection, tree } from './records.ts'

const lime = sampleRef('tree', 'lime')

export const samples: readonly Sample[] = [
  {
    stage: 'records',
    changes: (city) => {
      const kept = { owner: city.idOf(sampleRef('post', 'river-manager')), organisation: city.idOf(cityRef) }
      return [
        sampleRecord(city, tree.kind, lime, {
          state: 'standing',
          values: {
            title: { en: 'The lime at the old lock', 'zh-Hans': '老船闸旁的椴树' },
            species: 'Tilia cordata',
            plantedOn: dayFor('Y-4-11-20', city.today),
            place: { type: 'Point', coordinates: [10.7461, 59.9089] },
            links: { serves: [{ to: city.idOf(sampleRef('outcome', 'clean')) }] },
            ...kept,
          },
          rows: { girth: { set: [{ on: dayFor('Y-1-10-01', city.today), centimetres: '34.5' }] } },
        }),
        sampleRecord(city, inspection.kind, sampleRef('inspection', 'lime'), {
          values: {
            title: { en: 'After the storm', 'zh-Hans': '风暴后的检查' },
            tree: city.idOf(lime),
            dueOn: dayFor('T-10', city.today),
            ...kept,
          },
        }),
      ]
    },
  },
]
