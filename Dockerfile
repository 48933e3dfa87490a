FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /sleutelbos ./cmd/sleutelbos \
 && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /sleutelbos /sleutelbos
COPY --from=build --chown=nonroot:nonroot /data /data
ENV SLEUTELBOS_DATA=/data SLEUTELBOS_HTTP=0.0.0.0:8080 SLEUTELBOS_MANAGEMENT=127.0.0.1:8081 SLEUTELBOS_LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s CMD ["/sleutelbos", "healthcheck"]
ENTRYPOINT ["/sleutelbos"]
CMD ["serve"]
