// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import ImageBuilder

extension FuzzTarget {
    /// What describes a build (BUILDER-1, BUILDER-2, BUILDER-4).
    static let builds = [
        FuzzTarget(
            "build",
            of: [
                FuzzTarget("dockerfile", samples: { [Array(dockerfileSample.utf8)] }) { bytes in
                    _ = try? Dockerfile(bytes)
                },
                FuzzTarget("changes", samples: { [Array(changesSample.utf8)] }) { bytes in
                    let text = String(decoding: bytes, as: UTF8.self)
                    _ = try? ImageChanges.apply([text], to: ImageConfiguration())
                },
                FuzzTarget("dockerignore", samples: { [Array(ignoreSample.utf8)] }) { bytes in
                    let patterns = try? IgnorePatterns(bytes)
                    _ = patterns?.ignores(Array("some/deep/path/file.txt".utf8))
                },
            ])
    ]

    private static let dockerfileSample = """
        # escape=`
        ARG v=${x:-1}
        FROM --platform=$TARGETPLATFORM a:$v AS one
        ENV a="$b" c='d' e=${f:+g}
        RUN <<EOF
        x `
        EOF
        COPY --from=one --chown=1:2 ["a b", "/c/"]
        EXPOSE 1-3/udp
        HEALTHCHECK --interval=1m0.5s --retries=2 CMD x
        SHELL ["/bin/sh"]
        """

    private static let changesSample = """
        ENV a=${b:-"c d"} e=$a
        LABEL x='y' z=w
        VOLUME ["/a", "/b"]
        EXPOSE 80 1-9/udp
        WORKDIR ../${a:+x}
        USER $a
        """

    private static let ignoreSample = """
        # note
        **/*.txt
        !some/[a-e]eep/**
        /file?\\*
        """
}
