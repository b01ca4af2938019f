import { createEffect, on, onCleanup, onMount } from 'solid-js'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { PlanStatisticsQuery } from '../../api/gql/graphql.ts'
import { theme } from '../../parts/theme.ts'
import { sayDuration } from '../../text/times.ts'
import { runStates, type Tone } from '../../text/words.ts'
import { momentSpace, momentSteps, sayMoments, spanOf } from './axis.ts'

type Plan = Extract<NonNullable<PlanStatisticsQuery['node']>, { __typename: 'BackupPlan' }>
export type Run = Plan['statistics']['runs'][number]

const height = 180

/** Seconds between two lines across the chart: lengths that people say. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800]

/** The tokens that the chart is drawn with; a canvas knows no CSS. */
const tokens = {
  line: 'text-line',
  ink: 'text-muted',
  good: 'text-good',
  warning: 'text-warning',
  failed: 'text-failed',
  running: 'text-accent',
  idle: 'text-idle',
} as const

/** How long the runs of a plan took, over time. It shows what the table beside it says. */
export default function DurationChart(props: { runs: readonly Run[]; label: string }) {
  let box: HTMLDivElement | undefined
  let palette: HTMLSpanElement | undefined
  let chart: uPlot | undefined

  const colour = (name: keyof typeof tokens) => {
    const sample = palette?.querySelector(`.${tokens[name]}`)
    return sample ? getComputedStyle(sample).color : ''
  }
  const data = (): uPlot.AlignedData => [
    props.runs.map(({ at }) => Date.parse(at) / 1000),
    props.runs.map(({ duration }) => duration),
  ]
  const toneOf = (index: number): Tone => runStates[props.runs[index]?.state ?? 'PENDING'].tone

  const drawPoints = (plot: uPlot) => {
    const { ctx } = plot
    const radius = (props.runs.length > 120 ? 2 : 3.5) * devicePixelRatio
    props.runs.forEach((run, index) => {
      if (run.duration === null) return
      const x = plot.valToPos(Date.parse(run.at) / 1000, 'x', true)
      const y = plot.valToPos(run.duration, 'y', true)
      ctx.beginPath()
      ctx.arc(x, y, radius, 0, 2 * Math.PI)
      ctx.fillStyle = colour(toneOf(index))
      ctx.fill()
    })
  }

  const draw = () => {
    if (!box) return
    chart?.destroy()
    const axis = { stroke: colour('ink'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } }
    chart = new uPlot(
      {
        width: box.clientWidth,
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { range: (_plot, first, last) => spanOf(first, last) },
          y: { range: (_plot, _min, max) => [0, Math.max(1, max) * 1.1] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            space: (_plot, _axis, _min, _max, size) => momentSpace(size),
            incrs: momentSteps,
            values: (_plot, moments, _axis, _space, step) => sayMoments(moments, step),
          },
          {
            ...axis,
            size: 76,
            incrs: steps,
            values: (_plot, seconds) => seconds.map((value) => (value > 0 ? sayDuration(value) : '0')),
          },
        ],
        series: [{}, { stroke: colour('line'), width: 1.5, spanGaps: true, points: { show: false } }],
        hooks: { draw: [drawPoints] },
      },
      data(),
      box,
    )
  }

  onMount(() => {
    draw()
    const observer = new ResizeObserver(() => box && chart?.setSize({ width: box.clientWidth, height }))
    if (box) observer.observe(box)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', draw)
    onCleanup(() => {
      observer.disconnect()
      dark.removeEventListener('change', draw)
      chart?.destroy()
    })
  })
  createEffect(on([theme, () => props.runs], draw, { defer: true }))

  return (
    <div role="img" aria-label={props.label} class="min-w-0 overflow-hidden">
      <span ref={palette} class="hidden">
        <i class="text-line" />
        <i class="text-muted" />
        <i class="text-good" />
        <i class="text-warning" />
        <i class="text-failed" />
        <i class="text-accent" />
        <i class="text-idle" />
      </span>
      <div ref={box} class="h-[180px]" />
    </div>
  )
}
