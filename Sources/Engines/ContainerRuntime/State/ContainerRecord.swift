// SPDX-License-Identifier: Apache-2.0
import Glibc
import JSONText
import Vocabulary

/// What is remembered of a container between commands (RUNTIME-3).
struct ContainerRecord: Sendable {
    var version: String
    var name: String
    /// 0 until the first process exists.
    var process: Int32 = 0
    /// When the process began, in the kernel's ticks: with it a number that was given to another
    /// process is told apart.
    var processStart: UInt64 = 0
    var bundle: String
    var root: String
    /// RFC 3339, UTC.
    var created: String
    var owner: UInt32
    var annotations: [RuntimeConfiguration.Annotation]
    var cgroupFolders: [String] = []
    var namespaces: [String] = []
    var hooks: JSON = .object([])

    /// The file's text.
    var json: JSON {
        .object([
            JSON.Member("ociVersion", JSON(version)), JSON.Member("id", JSON(name)),
            JSON.Member("pid", JSON(process)), JSON.Member("processStart", JSON(processStart)),
            JSON.Member("bundle", JSON(bundle)), JSON.Member("rootfs", JSON(root)),
            JSON.Member("created", JSON(created)), JSON.Member("owner", JSON(owner)),
            JSON.Member(
                "annotations",
                .object(annotations.map { JSON.Member($0.name, JSON($0.value)) })),
            JSON.Member("cgroups", .array(cgroupFolders.map { JSON($0) })),
            JSON.Member("namespaces", .array(namespaces.map { JSON($0) })),
            JSON.Member("hooks", hooks),
        ])
    }

    init(
        name: String, bundle: String, root: String, configuration: RuntimeConfiguration
    ) {
        version = RuntimeConfiguration.specification
        self.name = name
        self.bundle = bundle
        self.root = root
        created = ClockText.now()
        owner = geteuid()
        annotations = configuration.annotations
        namespaces = configuration.linux.namespaces.map(\.kind.rawValue)
        hooks = configuration.hooks.afterwards
    }

    init(_ field: ConfigurationField) throws(RuntimeFailure) {
        version = try field.needed("ociVersion").text()
        name = try field.needed("id").text()
        process = Int32(try field.needed("pid").integer(0...Int64(Int32.max)))
        processStart = try field.needed("processStart").unsigned()
        bundle = try field.needed("bundle").text()
        root = try field.needed("rootfs").text()
        created = try field.needed("created").text()
        owner = try field.needed("owner").identifier()
        annotations = try field.needed("annotations").textMap().map {
            RuntimeConfiguration.Annotation(name: $0.name, value: $0.value)
        }
        cgroupFolders = try field.needed("cgroups").texts()
        namespaces = try field.needed("namespaces").texts()
        hooks = try field.needed("hooks").value
    }

    /// Whether the first process still runs: the same one, and not only its remains.
    var isAlive: Bool {
        guard process > 0, let found = ProcessTable.entry(process) else { return false }
        return found.start == processStart && found.state != "Z" && found.state != "X"
    }

    /// The state as the specification writes it for hooks and for `state`.
    func state(_ status: ContainerStatus) -> JSON {
        .object([
            JSON.Member("ociVersion", JSON(version)), JSON.Member("id", JSON(name)),
            JSON.Member("pid", JSON(status == .stopped ? 0 : process)),
            JSON.Member("status", JSON(status.rawValue)),
            JSON.Member("bundle", JSON(bundle)), JSON.Member("rootfs", JSON(root)),
            JSON.Member("created", JSON(created)), JSON.Member("owner", JSON(owner)),
            JSON.Member(
                "annotations",
                .object(annotations.map { JSON.Member($0.name, JSON($0.value)) })),
        ])
    }
}

/// What the kernel says of a process.
enum ProcessTable {
    struct Entry {
        let state: Character
        /// Ticks since the machine began.
        let start: UInt64
    }

    /// A process by its number; nil when there is none.
    static func entry(_ process: Int32) -> Entry? {
        guard let text = try? SmallFile.text("/proc/\(process)/stat"),
            // The program's name may hold spaces and parentheses; the last one ends it.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let parts = text[text.index(after: end)...].split(separator: " ")
        guard parts.count > 19, let state = parts[0].first, let start = UInt64(parts[19]) else {
            return nil
        }
        return Entry(state: state, start: start)
    }
}

/// The calendar's time as text.
enum ClockText {
    /// Now, such as `2026-11-20T12:00:00.123456789Z`.
    static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        // The C library would read the machine's time zone first.
        let (days, second) = time.tv_sec.quotientAndRemainder(dividingBy: 86400)
        let date = CivilDate(daysSince1970: days)
        func pad(_ number: some BinaryInteger, _ width: Int) -> String {
            let digits = "\(number)"
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let day = "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))"
        let minute = second / 60
        let clock = "\(pad(minute / 60, 2)):\(pad(minute % 60, 2)):\(pad(second % 60, 2))"
        return "\(day)T\(clock).\(pad(time.tv_nsec, 9))Z"
    }
}
