// SPDX-License-Identifier: Apache-2.0

extension ComposeServiceReader {
    /// Variables: files first, in their order, then what stands in the file (DEPLOY-7).
    mutating func readEnvironment(_ reader: inout ComposeReader) {
        var values: [String: String] = [:]
        let files = map.takeValue("env_file")
        for file in files?.oneOrMore ?? [] {
            for (name, value) in Self.variables(file, &reader) {
                values[name] = value ?? reader.lookup(name)
            }
        }
        let own = map.takeValue("environment")
        for (name, value, field) in own?.pairs ?? [] {
            guard !name.isEmpty, !name.contains("=") else {
                field.error("'\(name)' names no variable")
                continue
            }
            guard let value = value ?? reader.lookup(name) else {
                field.warn("the variable \(name) is not set and is left out")
                values[name] = nil
                continue
            }
            values[name] = value
        }
        service.environment = values.map { NamedText($0.key, $0.value) }.sorted {
            $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        if service.environment.count > DeploymentLimits.entriesMax {
            field.error("more than \(DeploymentLimits.entriesMax) variables")
        }
        warnOfSecrets(own ?? files ?? field)
    }

    private static func variables(
        _ field: YAMLField, _ reader: inout ComposeReader
    ) -> [(name: String, value: String?)] {
        var place = field
        var isRequired = true
        var isRaw = false
        if field.node.entries != nil {
            var map = field.map
            guard let path = map.takeValue("path") else {
                field.error("a path is missing")
                return []
            }
            place = path
            isRequired = map.takeValue("required")?.flag ?? true
            isRaw = map.takeValue("format")?.word(["raw": true]) ?? false
            map.refuseRest()
        }
        guard let path = place.text,
            let bytes = reader.content(path, place, isRequired: isRequired)
        else { return [] }
        let known = reader
        return DotEnv(bytes, file: path, isRaw: isRaw, field.book) { known.lookup($0) }.variables
    }

    /// Whoever runs the service reads its variables: a secret travels sealed instead.
    private func warnOfSecrets(_ field: YAMLField) {
        for variable in service.environment where !variable.value.isEmpty {
            guard Self.soundsSecret(variable.name) else { continue }
            field.warn(
                "\(variable.name) stands in the manifest, which the provider keeps: what is secret "
                    + "belongs into secrets, which are sealed")
        }
    }

    /// Whether a name says that its value is a secret; names of files that hold one do not.
    static func soundsSecret(_ name: String) -> Bool {
        let name = name.uppercased()
        guard !name.hasSuffix("_FILE") else { return false }
        let words = name.split(separator: "_")
        let secret: Set<Substring> = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "APIKEY"]
        return words.contains { secret.contains($0) } || name.hasSuffix("API_KEY")
            || name.hasSuffix("PRIVATE_KEY") || name.hasSuffix("ACCESS_KEY")
    }
}
