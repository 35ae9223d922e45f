# SPDX-License-Identifier: MIT
# The command line with its own Java runtime, on a Debian without a JDK:
#   docker build -t chainrule .
#   docker run --rm -v "$PWD:/data" chainrule train yours.csv --target COLUMN --out model.npz
FROM eclipse-temurin:25-jdk AS build
COPY . /src
RUN cd /src && .ci/jar /src/chainrule.jar \
 && jlink -p chainrule.jar --add-modules chainrule --output /chainrule --launcher chainrule=chainrule \
      --add-options="-XX:+UseSerialGC" \
      --strip-java-debug-attributes --no-header-files --no-man-pages --compress=zip-9

FROM debian:stable-slim
COPY --from=build /chainrule /opt/chainrule
WORKDIR /data
ENTRYPOINT ["/opt/chainrule/bin/chainrule"]
