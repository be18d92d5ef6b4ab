// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ContainerImages

@Suite("References")
struct ReferenceTests {
    static let digits = String(repeating: "0123456789abcdef", count: 4)

    @Test(
        "names mean what they mean to Docker",
        arguments: [
            ("debian", "docker.io/library/debian:latest", "debian:latest"),
            ("debian:12", "docker.io/library/debian:12", "debian:12"),
            ("org/app", "docker.io/org/app:latest", "org/app:latest"),
            ("ghcr.io/org/app:v1", "ghcr.io/org/app:v1", "ghcr.io/org/app:v1"),
            ("localhost/a", "localhost/a:latest", "localhost/a:latest"),
            ("localhost:5000/a/b:c", "localhost:5000/a/b:c", "localhost:5000/a/b:c"),
            ("index.docker.io/a", "docker.io/library/a:latest", "a:latest"),
            ("[::1]:5000/x", "[::1]:5000/x:latest", "[::1]:5000/x:latest"),
            ("a__b/c-d.e", "docker.io/a__b/c-d.e:latest", "a__b/c-d.e:latest"),
            ("Registry/a", "Registry/a:latest", "Registry/a:latest"),
            ("a@sha256:\(digits)", "docker.io/library/a@sha256:\(digits)", "a@sha256:\(digits)"),
            (
                "a:t@sha256:\(digits)", "docker.io/library/a:t@sha256:\(digits)",
                "a:t@sha256:\(digits)"
            ),
        ])
    func meaning(text: String, whole: String, familiar: String) throws {
        let reference = try ImageReference(text)
        #expect(reference.description == whole && reference.familiar == familiar)
        #expect(try ImageReference(whole) == reference)
    }

    @Test(
        "what is not a name is refused",
        arguments: [
            "", "A", "a/B", "-a", "a-", "a..b", "a___b", "a//b", "/a", "a/", "a:", "a:-t",
            "a:" + String(repeating: "t", count: 129), "host:99999/a", "host:/a", "a b",
            "a@sha256:12",
            "a@md5:\(digits)", "a@sha256:" + digits.uppercased(), digits, "é", "a.b-/c",
            "x/" + String(repeating: "a", count: 255),
        ])
    func refusal(text: String) {
        #expect(throws: ImageFailure.self) { try ImageReference(text) }
    }

    @Test("pinning leaves the digest alone")
    func pinning() throws {
        let digest = ContentDigest(of: [1, 2, 3])
        let pinned = try ImageReference("ghcr.io/a/b:c").pinned(to: digest)
        #expect(pinned.description == "ghcr.io/a/b@\(digest)")
    }
}
