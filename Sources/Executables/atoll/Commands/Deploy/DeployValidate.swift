// SPDX-License-Identifier: Apache-2.0
import Deployments
import JSONText

/// `atoll deploy validate`: whether a file can be deployed, and what it becomes.
enum DeployValidate {
    static let command = CommandSpec(
        path: ["deploy", "validate"],
        summary: "check a compose file or Akash SDL, and say what it becomes",
        discussion: """
            Everything that cannot be honoured is told at once, with line and column. Asks nobody:
            it works without a network. 0 when the file can be deployed, 1 when it cannot.
            """,
        example: "atoll deploy validate compose.yaml", arguments: [DeployFile.argument],
        options: DeployFile.options, hasOutputFormat: true, run: run)

    private static func run(_ invocation: Invocation, _ shell: Shell) async throws -> Int32 {
        let file = try await DeployFile(invocation.arguments[0], invocation, shell)
        guard invocation.format == .table else {
            var members = [JSON.Member("valid", JSON.bool(file.reading.deployment != nil))]
            members += file.reading.deployment.map { DeployText.members($0) } ?? []
            members.append(JSON.Member("findings", file.findings))
            ResultText.write(.object(members), as: invocation.format) { "" }
            return (file.reading.deployment == nil ? ExitStatus.refused : .done).rawValue
        }
        let deployment = try file.deployment()
        Terminal.result(DeployText.table(deployment))
        return 0
    }
}

/// A manifest for people and for programs.
enum DeployText {
    static func table(_ deployment: Deployment) -> String {
        var facts = TextFacts()
        facts.add("deployment", deployment.name)
        facts.add("manifest", "\(deployment.digest)")
        facts.add("size", "\(QuantityText.grouped(UInt64(deployment.canonicalBytes.count))) bytes")
        if !deployment.secrets.isEmpty {
            facts.add("secrets", deployment.secrets.joined(separator: ", "))
        }
        var services = TextTable(
            ["service", "image", "group", "copies", "processors", "memory", "disk", "ports"],
            rightAligned: [3, 4, 5, 6])
        for service in deployment.services {
            let resources = service.resources
            services.add([
                service.name, service.image, service.group, "\(service.replicas)",
                processors(resources.milliProcessors), bytes(resources.memoryBytes),
                bytes(resources.diskBytes), ports(service.ports),
            ])
        }
        var volumes = TextTable(["volume", "size", "used by"], rightAligned: [1])
        for volume in deployment.volumes {
            let users = deployment.services.filter {
                $0.mounts.contains { $0.volume == volume.name }
            }
            volumes.add([
                volume.name, bytes(volume.bytesMax), users.map(\.name).joined(separator: ", "),
            ])
        }
        return facts.text + "\n" + services.text + (volumes.isEmpty ? "" : "\n" + volumes.text)
    }

    static func members(_ deployment: Deployment) -> [JSON.Member] {
        [
            JSON.Member("deployment", JSON(deployment.name)),
            JSON.Member("manifest", JSON("\(deployment.digest)")),
            JSON.Member("bytes", JSON(deployment.canonicalBytes.count)),
            JSON.Member("orders", .array(deployment.orders.map(order))),
            JSON.Member("services", .array(deployment.services.map(service))),
            JSON.Member(
                "volumes",
                .array(
                    deployment.volumes.map { ["name": JSON($0.name), "bytes": JSON($0.bytesMax)] })
            ),
            JSON.Member("secrets", .array(deployment.secrets.map { JSON($0) })),
        ]
    }

    private static func service(_ service: Service) -> JSON {
        [
            "name": JSON(service.name), "image": JSON(service.image),
            "group": JSON(service.group), "copies": JSON(service.replicas),
            "milliProcessors": JSON(service.resources.milliProcessors),
            "memoryBytes": JSON(service.resources.memoryBytes),
            "diskBytes": JSON(service.resources.diskBytes),
            "ports": .array(service.ports.map { JSON(port($0)) }),
        ]
    }

    static func order(_ order: ResourceOrder) -> JSON {
        [
            "group": JSON(order.group), "copies": JSON(order.copies),
            "milliProcessors": JSON(order.resources.milliProcessors),
            "memoryBytes": JSON(order.resources.memoryBytes),
            "diskBytes": JSON(order.resources.diskBytes), "volumeBytes": JSON(order.volumeBytes),
            "attributes": .object(
                order.attributes.map { JSON.Member($0.name, JSON($0.value)) }),
        ]
    }

    private static func ports(_ ports: [ServicePort]) -> String {
        ports.isEmpty ? "-" : ports.map(port).joined(separator: " ")
    }

    private static func port(_ port: ServicePort) -> String {
        let inner = "\(port.target)/\(port.transport.name)"
        return port.isPublished ? (port.published.map { "\($0)" } ?? "any") + ":" + inner : inner
    }

    static func processors(_ thousandths: UInt64) -> String {
        let rest = "\(thousandths % 1_000 + 1_000)".dropFirst()
        var text = "\(thousandths / 1_000).\(rest)"
        while text.last == "0" { text.removeLast() }
        return text.last == "." ? String(text.dropLast()) : text
    }

    /// A size in the largest unit that leaves no fraction.
    static func bytes(_ count: UInt64) -> String {
        let units: [(String, UInt64)] = [
            ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ]
        guard let unit = units.first(where: { count >= $0.1 && count % $0.1 == 0 }) else {
            return "\(count) B"
        }
        return "\(count / unit.1) \(unit.0)"
    }
}
