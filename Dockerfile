FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --profile dist --locked --bin yizhan

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home /data yizhan && install -d -o yizhan /data
COPY --from=build /src/target/dist/yizhan /usr/local/bin/yizhan
USER yizhan
WORKDIR /data
VOLUME /data
ENV YIZHAN_LISTEN=0.0.0.0:8080 YIZHAN_DATABASE_URL=sqlite:///data/yizhan.db?mode=rwc YIZHAN_LOG_FORMAT=json
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=2s CMD curl -fsS http://127.0.0.1:8080/readyz || exit 1
# The server answers what is under way, then ends; give it the time.
STOPSIGNAL SIGTERM
ENTRYPOINT ["yizhan"]
CMD ["serve"]
