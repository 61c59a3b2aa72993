# docker run --rm -v "$PWD:/src" slslint check .
FROM rust:1.95-slim-bookworm AS build
WORKDIR /slslint
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY rules rules
COPY docs/schema docs/schema
RUN cargo install --locked --path . --root /out

FROM debian:bookworm-slim
COPY --from=build /out/bin/slslint /usr/local/bin/slslint
# A mounted project belongs to another user; nothing is written to it.
USER nobody
ENV SLSLINT_CACHE_DIR=/tmp/slslint
WORKDIR /src
ENTRYPOINT ["slslint"]
CMD ["check", "."]
