# syntax=docker/dockerfile:1

FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
# The downloads and the objects stay in the builder's cache; the program is copied out of it.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --locked --profile dist --bin yizhan \
    && cp target/dist/yizhan /usr/local/bin/yizhan

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin yizhan \
    && install -d -o yizhan -g yizhan /data
COPY --from=build /usr/local/bin/yizhan /usr/local/bin/yizhan
USER yizhan
WORKDIR /data
VOLUME /data
ENV YIZHAN_LISTEN=0.0.0.0:8080 \
    YIZHAN_DATABASE_URL=sqlite:///data/yizhan.db?mode=rwc \
    YIZHAN_LOG_FORMAT=json
EXPOSE 8080
# It serves once the schema is up to date, and asks to be stopped with SIGTERM: what was begun is finished first.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["yizhan"]
CMD ["serve"]
