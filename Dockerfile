ARG NODE_IMAGE=node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Nothing here needs an install script: ssh2's native parts are optional, and slim images have no compiler.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# A checkout made under a strict umask must still be readable for the user below.
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund && chmod -R a+rX .

FROM ${NODE_IMAGE}
ENV HOST=0.0.0.0 NODE_ENV=production
WORKDIR /app
# All of it stays root's, so that the server cannot rewrite itself.
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/launchers launchers
COPY --from=build /app/views views
COPY --from=build /app/public public
COPY --from=build /app/dist dist
# By number: it is `node` in the official image, and needs no entry in /etc/passwd in another.
USER 1000:1000
EXPOSE 3000
# Slim images have no curl. A failed fetch is an unhandled rejection, which exits with 1 as well.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT ?? 3000) + '/healthz') \
    .then(({ ok }) => process.exit(ok ? 0 : 1))"]
# Not `npm start`: that would prepare this machine first, and stand between the engine's SIGTERM and node.
CMD ["node", "--max-semi-space-size=4", "dist/main.js"]
