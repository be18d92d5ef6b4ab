// SPDX-License-Identifier: Apache-2.0
import Vocabulary

/// What a deployment file is read with (DEPLOY-4).
public struct ReadingOptions: Sendable {
    /// The file's name, as findings show it.
    public var file: String
    /// The deployment's name when the file has none.
    public var name: String
    /// What a variable of whoever reads stands for; these go before those of `.env`.
    public var variable: @Sendable (String) -> String?
    /// The profiles whose services are taken with those that have none.
    public var profiles: Set<String>
    /// Files that the file names, by their paths as written there, and `.env`.
    public var files: [String: FileContent]

    /// Joins the fields.
    public init(
        file: String, name: String = "app", profiles: Set<String> = [],
        files: [String: FileContent] = [:],
        variable: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.file = file
        self.name = name
        self.variable = variable
        self.profiles = profiles
        self.files = files
    }
}

/// A file that a deployment file names.
public enum FileContent: Hashable, Sendable {
    /// Its bytes.
    case bytes([UInt8])
    /// It cannot be read, and why.
    case missing(String)
}

/// Where a secret's value comes from, on the machine of whoever deploys. The value itself is never
/// read with the file (DEPLOY-12).
public struct SecretSource: Hashable, Sendable {
    /// Where it lies.
    public enum Origin: Hashable, Sendable {
        /// In a file.
        case file(String)
        /// In a variable.
        case variable(String)
        /// Given when it is deployed.
        case given
    }

    /// The secret's name.
    public let name: String
    /// Where its value lies.
    public let origin: Origin
}

/// What came of a deployment file.
public struct DeploymentReading: Sendable {
    /// The manifest; nothing when a finding is an error or files are needed.
    public let deployment: Deployment?
    /// Where the values of its secrets come from, in the order of their names.
    public let secrets: [SecretSource]
    /// Everything there is to say, in the order of the places.
    public let findings: [Finding]
    /// Files that must be there for the reading to go on; it is then begun again with them.
    public let filesNeeded: [String]
}

/// Reads deployment files: compose files and Akash's SDL, told by what they hold (DEPLOY-4).
///
/// Whoever reads brings the files that the file names: the reading says which it needs and is
/// repeated with them, so nothing here touches a disk.
public enum DeploymentSource {
    /// The file of variables beside a compose file.
    public static let variablesFile = ".env"

    /// Reads a file.
    public static func read(_ bytes: [UInt8], _ options: ReadingOptions) -> DeploymentReading {
        let book = FindingBook(file: options.file)
        guard let root = YAMLReader.read(bytes, book) else {
            if !book.hasErrors { book.error(.start, "", "the file says nothing") }
            return DeploymentReading(
                deployment: nil, secrets: [], findings: book.sorted, filesNeeded: [])
        }
        let isSDL = root["profiles"] != nil && root["deployment"] != nil
        var reader: any DeploymentReader =
            isSDL ? SDLReader(book, options) : ComposeReader(book, options)
        let deployment = reader.read(root)
        let needed = reader.filesNeeded
        if needed.isEmpty, let flaw = deployment.firstFlaw, !book.hasErrors {
            book.error(root.place, "", flaw)
        }
        if needed.isEmpty, !book.hasErrors {
            checkBytes(deployment, root.place, book)
        }
        return DeploymentReading(
            deployment: book.hasErrors || !needed.isEmpty ? nil : deployment,
            secrets: reader.secretSources.sorted {
                $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
            },
            findings: book.sorted, filesNeeded: needed)
    }

    /// Whether a stranger would accept the manifest: what a reader let pass is found here.
    private static func checkBytes(
        _ deployment: Deployment, _ place: SourcePlace, _ book: FindingBook
    ) {
        let bytes = deployment.canonicalBytes
        guard bytes.count <= DeploymentLimits.manifestBytesMax else {
            let limit = DeploymentLimits.manifestBytesMax
            return book.error(place, "", "the manifest has \(bytes.count) bytes of \(limit)")
        }
        do throws(CanonicalError) {
            _ = try Deployment(canonicalBytes: bytes)
        } catch .tooLong(let length, let limit) {
            book.error(place, "", "something in it has \(length) bytes or entries of \(limit)")
        } catch {
            book.error(place, "", "something in it is outside its range: \(error)")
        }
    }
}

/// Who understands one kind of deployment file.
protocol DeploymentReader {
    /// Files that are needed and are not there.
    var filesNeeded: [String] { get }
    /// Where secrets come from.
    var secretSources: [SecretSource] { get }
    /// Reads a document.
    mutating func read(_ root: YAMLNode) -> Deployment
}
