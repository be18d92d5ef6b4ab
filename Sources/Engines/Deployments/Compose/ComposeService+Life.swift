// SPDX-License-Identifier: Apache-2.0

extension ComposeServiceReader {
    /// What it waits for, how its health is known, how it ends.
    mutating func readLife() {
        if let waits = map.takeValue("depends_on") { readDependencies(waits) }
        if let health = map.takeValue("healthcheck") { service.healthCheck = Self.health(health) }
        if let restart = map.takeValue("restart") {
            service.restart = Self.restart(restart) ?? .no
        }
        if let grace = map.takeValue("stop_grace_period") {
            service.stopMilliseconds =
                grace.quantity("1m30s", FileQuantities.milliseconds)
                ?? Service.stopMillisecondsDefault
        }
        service.stopSignal = map.takeValue("stop_signal")?.text
        service.hasInit = map.takeValue("init")?.flag ?? false
        service.hasTerminal = map.takeValue("tty")?.flag ?? false
        service.keepsInput = map.takeValue("stdin_open")?.flag ?? false
        if let log = map.takeValue("logging") { service.log = Self.log(log) }
    }

    private mutating func readDependencies(_ field: YAMLField) {
        guard let entries = field.node.entries else {
            service.dependencies = field.texts.map { Dependency($0) }
            return
        }
        for entry in entries {
            let inner = YAMLField(
                entry.value, "\(field.path).\(entry.name)", field.book, key: entry.place)
            var map = inner.map
            let condition = map.takeValue("condition")?.word([
                Dependency.Condition.started.name: Dependency.Condition.started,
                Dependency.Condition.healthy.name: .healthy,
                Dependency.Condition.completed.name: .completed,
            ])
            let restarts = map.takeValue("restart")?.flag ?? false
            _ = map.takeValue("required")?.flag
            map.refuseRest()
            service.dependencies.append(
                Dependency(entry.name, condition ?? .started, restarts: restarts))
        }
    }

    private static func health(_ field: YAMLField) -> HealthCheck {
        var check = HealthCheck()
        var map = field.map
        let isDisabled = map.takeValue("disable")?.flag ?? false
        if let test = map.takeValue("test") {
            check.test = test.node.text.map { ["CMD-SHELL", $0] } ?? test.texts
            if let first = check.test.first, !["NONE", "CMD", "CMD-SHELL"].contains(first) {
                test.error("'\(first)': a list begins with NONE, CMD or CMD-SHELL")
            }
        }
        if isDisabled { check.test = ["NONE"] }
        func time(_ name: String, _ usual: UInt64) -> UInt64 {
            map.takeValue(name)?.quantity("1m30s", FileQuantities.milliseconds) ?? usual
        }
        check.intervalMilliseconds = time("interval", check.intervalMilliseconds)
        check.timeoutMilliseconds = time("timeout", check.timeoutMilliseconds)
        check.startMilliseconds = time("start_period", check.startMilliseconds)
        check.startIntervalMilliseconds = time("start_interval", check.startIntervalMilliseconds)
        check.retries = map.takeValue("retries")?.integer(1...1_000) ?? check.retries
        map.refuseRest()
        return check
    }

    private static func restart(_ field: YAMLField) -> RestartPolicy? {
        switch field.text {
        case "no", "false": return .no
        case "always": return .always
        case "unless-stopped": return .unlessStopped
        case "on-failure": return .onFailure(nil)
        case nil: return nil
        case let text?:
            if text.hasPrefix("on-failure:"), let count = UInt32(text.dropFirst(11)) {
                return .onFailure(count)
            }
            field.error("'\(text)' is none of no, always, on-failure, unless-stopped")
            return nil
        }
    }

    private static func log(_ field: YAMLField) -> LogRule {
        var rule = LogRule()
        var map = field.map
        _ = map.takeValue("driver")?.word(["json-file": true, "local": true])
        if var options = map.takeValue("options")?.map {
            if let size = options.takeValue("max-size") {
                rule.fileBytesMax =
                    size.quantity("10m", FileQuantities.bytes) ?? rule.fileBytesMax
            }
            rule.filesMax = options.takeValue("max-file")?.integer(1...100) ?? rule.filesMax
            options.refuseRest()
        }
        map.refuseRest()
        return rule
    }
}
