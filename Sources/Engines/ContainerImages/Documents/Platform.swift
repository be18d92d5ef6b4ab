// SPDX-License-Identifier: Apache-2.0
import JSONText

/// What a program was built for, in Go's words: `linux/amd64`, `linux/arm64/v8`.
public struct Platform: Hashable, Sendable, CustomStringConvertible {
    /// The operating system.
    public var system: String
    /// The processor's architecture.
    public var architecture: String
    /// Its variant, where there are several.
    public var variant: String?

    /// Joins the three.
    public init(system: String = "linux", architecture: String, variant: String? = nil) {
        self.system = system
        self.architecture = architecture
        self.variant = variant
    }

    /// The platform this program was built for.
    public static var current: Platform {
        #if arch(arm64)
            Platform(architecture: "arm64", variant: "v8")
        #else
            Platform(architecture: "amd64")
        #endif
    }

    /// Reads `system/architecture` or `system/architecture/variant`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(
            system: parts[0], architecture: parts[1], variant: parts.count == 3 ? parts[2] : nil)
    }

    /// Whether a program for `other` runs here: 64-bit ARM without a variant is version 8.
    public func runs(_ other: Platform) -> Bool {
        system == other.system && architecture == other.architecture
            && usualVariant == other.usualVariant
    }

    private var usualVariant: String? {
        architecture == "arm64" && variant == "v8" ? nil : variant
    }

    /// The parts joined by `/`.
    public var description: String {
        "\(system)/\(architecture)" + (variant.map { "/\($0)" } ?? "")
    }

    init?(_ json: JSON) {
        guard let system = json["os"]?.text, let architecture = json["architecture"]?.text else {
            return nil
        }
        self.init(system: system, architecture: architecture, variant: json["variant"]?.text)
    }

    var json: JSON {
        var members = [
            JSON.Member("architecture", JSON(architecture)), JSON.Member("os", JSON(system)),
        ]
        if let variant { members.append(JSON.Member("variant", JSON(variant))) }
        return .object(members)
    }
}
