import { LayeredMap, type MapBox, type MapDrawing, MapList } from '../map.tsx'
import type { Tell } from './samples.ts'

/** A small map in which every sign occurs, positioned by hand. */
export function MapSample({ tell }: { tell: Tell }) {
  const [width, height, right, down] = [212, 84, 300, 100]
  const box = (key: string, band: number, kind: string, title: string, more: Partial<MapBox> = {}): MapBox => ({
    key,
    band,
    kind,
    code: key,
    title,
    href: `#map-${key}`,
    marks: [],
    ...more,
  })
  const [enabler, change, benefit] = [tell('Enabler', '使能条件'), tell('Change', '变革'), tell('Benefit', '效益')]
  const boxes = [
    box('ENA-0001', 0, enabler, tell('Sensors on the main roads', '主干道传感器'), {
      state: tell('In place', '已就位'),
    }),
    box('ENA-0002', 0, enabler, tell('A shared control room', '联合指挥中心')),
    box('CHG-0001', 1, change, tell('Crews are sent by what the sensors say', '根据传感器信息派出救援队伍')),
    box('CHG-0002', 1, change, tell('Three services answer calls together', '三个部门共同接听呼叫')),
    box('BEN-0001', 2, benefit, tell('Ambulances arrive two minutes earlier', '救护车提前两分钟到达'), {
      state: tell('Realizing', '实现中'),
      marks: [{ icon: 'alert', text: tell('Weights add up to 115 %', '权重合计115%'), tone: 'concern' }],
    }),
    box('BEN-0002', 2, tell('Loss', '损失'), tell('Two local control rooms close', '两个地方指挥室关闭'), {
      loss: true,
    }),
    box('OUT-0001', 3, tell('Outcome', '成果'), tell('Help arrives quickly in an emergency', '紧急情况下救援及时到达')),
  ]
  const spots = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
    [2, 0],
    [2, 1],
    [3, 0.5],
  ] as const
  const corner = (index: number) => [8 + spots[index]![0] * right, 8 + spots[index]![1] * down] as const
  const arrow = (from: number, to: number, percent: number | null) => ({ from, to, percent })
  const arrows = [
    arrow(0, 2, 100),
    arrow(1, 3, 100),
    arrow(2, 4, 75),
    arrow(3, 4, 40),
    arrow(3, 5, null),
    arrow(4, 6, 100),
    arrow(5, 6, null),
  ]
  const names = [
    tell('Enablers', '使能条件'),
    tell('Changes', '变革'),
    tell('Benefits', '效益'),
    tell('Outcomes', '成果'),
  ]
  const title = tell('From enablers to the outcome', '从使能条件到成果')
  const drawing: MapDrawing = {
    boxes,
    arrows,
    size: { width, height },
    detail: 'full',
    bandNames: names,
    laneNames: [],
    places: {
      width: 3 * right + width + 16,
      height: 2 * down + 8,
      corners: boxes.flatMap((_, index) => corner(index)),
      routes: arrows.map(({ from, to }) => [
        corner(from)[0] + width,
        corner(from)[1] + height / 2,
        corner(to)[0],
        corner(to)[1] + height / 2,
      ]),
      bands: names.map((_, band) => ({ band, x: 8 + band * right, width })),
      lanes: [],
    },
  }
  return (
    <>
      <LayeredMap
        id="sample"
        title={title}
        description={tell('Seven boxes; one has a finding.', '七个方框，其中一个有待解决的问题。')}
        drawing={drawing}
      />
      <MapList id="sample" title={tell('The same as a list', '同样内容的列表')} drawing={drawing} />
    </>
  )
}
