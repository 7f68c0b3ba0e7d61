/** The arrows of docs/architecture.md. Run by `npm run boundaries`. */
const layer = (name, allowed, extra = {}) => ({
  name: `${name}-arrows`,
  severity: 'error',
  comment: `${name}/ may only import ${allowed.join(', ')} of this project`,
  from: { path: `^${name}/` },
  to: {
    path: '^(domain|services|activities|workflows|workers|clients|dev|test)/',
    pathNot: allowed.map((a) => `^${a}`),
    ...extra,
  },
});

module.exports = {
  forbidden: [
    layer('domain', ['domain/']),
    layer('services', ['services/', 'domain/']),
    layer('activities', ['activities/', 'services/', 'domain/']),
    {
      name: 'workflows-arrows',
      severity: 'error',
      comment: 'workflow code is bundled: it reaches activities by type only and nothing that does I/O',
      from: { path: '^workflows/' },
      to: { path: '^(services|activities|workers|clients|dev|test)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-light',
      severity: 'error',
      comment: 'no schema, money, date or SDK library in the workflow bundle (libraries.md, temporal-numbers A5)',
      from: { path: '^workflows/' },
      to: { path: 'node_modules/(zod|dinero\\.js|temporal-polyfill|mongodb|nodemailer|jose|pino|fastify)/' },
    },
    layer('workers', ['workers/', 'domain/', 'services/', 'activities/', 'workflows/']),
    {
      name: 'clients-arrows',
      severity: 'error',
      comment:
        'clients know workflow contracts, never workflow bodies; main.ts composes through workers (docs/adr/0001)',
      from: { path: '^clients/', pathNot: '^clients/main\\.ts$' },
      to: {
        path: '^(activities|workers|dev|test|workflows)/',
        pathNot: '^workflows/.*\\.contract\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'not-in-dev-deps',
      severity: 'error',
      comment: 'production code may not need a dev dependency',
      from: { path: '^(domain|services|activities|workflows|workers|clients)/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
