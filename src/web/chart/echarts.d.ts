// The parts of ECharts we load by file: a third of the memory and start time of its barrels. They ship no types.
declare module 'echarts/lib/export/core.js' {
  export * from 'echarts/core'
}
declare module 'echarts/lib/chart/line/install.js' {
  export const install: (registers: unknown) => void
}
declare module 'echarts/lib/component/grid/installSimple.js' {
  export const install: (registers: unknown) => void
}
declare module 'echarts/lib/component/marker/installMarkLine.js' {
  export const install: (registers: unknown) => void
}
declare module 'echarts/lib/renderer/installSVGRenderer.js' {
  export const install: (registers: unknown) => void
}
