import fp from 'fastify-plugin'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where the parts of a node enter what they count. */
    metrics: Registry
  }
}

/** `/metrics`, for Prometheus: the process, the calls, and whatever the other parts enter. */
export const metricsPlugin = fp(async (app) => {
  const metrics = new Registry()
  metrics.setDefaultLabels({ node: app.config.NODE_NAME })
  // The event loop's delay is looked at every so many ms, which is the least that it says. More often keeps an idle node busy.
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 100 })
  const requests = new Histogram({
    name: 'parley_http_request_seconds',
    help: 'How long REST calls took, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5],
    registers: [metrics]
  })

  app.decorate('metrics', metrics)
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions: { url: route = 'none' } } = request
    requests.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    return reply.type(metrics.contentType).send(await metrics.metrics())
  })
}, { name: 'metrics', dependencies: ['config'] })
