// SPDX-License-Identifier: Apache-2.0

extension ComposeServiceReader {
    /// What it is promised, and how many copies run (DEPLOY-8).
    mutating func readResources() {
        var claims = ComposeClaims()
        claims.processors = map.takeValue("cpus")?.quantity("0.5", FileQuantities.milliProcessors)
        claims.memory = map.takeValue("mem_limit")?.quantity("512m", FileQuantities.bytes)
        claims.memoryReserved = map.takeValue("mem_reservation")?.quantity(
            "512m", FileQuantities.bytes)
        service.processesMax = map.takeValue("pids_limit")?.integer(1...UInt32.max)
        if var storage = map.takeValue("storage_opt")?.map {
            if let size = storage.takeValue("size")?.quantity("10G", FileQuantities.bytes) {
                service.resources.diskBytes = max(1, size)
            }
            storage.refuseRest()
        }
        let scale = map.takeValue("scale")
        if let count = scale?.integer(0...DeploymentLimits.replicasMax) { service.replicas = count }
        if let deploy = map.takeValue("deploy") { readDeploy(deploy, scale, &claims) }
        if let reserved = claims.processorsReserved, let limit = claims.processors,
            reserved > limit
        {
            field.error("more processors are reserved than the limit allows")
        }
        if let reserved = claims.memoryReserved, let limit = claims.memory, reserved > limit {
            field.error("more memory is reserved than the limit allows")
        }
        service.resources.milliProcessors =
            claims.processors ?? claims.processorsReserved ?? Resources.milliProcessorsDefault
        service.resources.memoryBytes = max(
            1, claims.memory ?? claims.memoryReserved ?? Resources.memoryBytesDefault)
    }

    private mutating func readDeploy(
        _ field: YAMLField, _ scale: YAMLField?, _ claims: inout ComposeClaims
    ) {
        var deploy = field.map
        _ = deploy.takeValue("mode")?.word(["replicated": true])
        _ = deploy.takeValue("endpoint_mode")?.word(["vip": true])
        if let count = deploy.takeValue("replicas"),
            let replicas = count.integer(0...DeploymentLimits.replicasMax)
        {
            if scale != nil, replicas != service.replicas {
                count.error("scale says another number of copies")
            }
            service.replicas = replicas
        }
        if let labels = deploy.takeValue("labels") {
            service.labels = labels.uniqueByName(service.labels + labels.labels)
        }
        if var resources = deploy.takeValue("resources")?.map {
            for name in ["limits", "reservations"] {
                if let field = resources.takeValue(name) {
                    readClaims(field, isLimit: name == "limits", &claims)
                }
            }
            resources.refuseRest()
        }
        if let policy = deploy.takeValue("restart_policy") { readPolicy(policy) }
        deploy.refuseRest(ComposeRefusals.deploy)
    }

    private mutating func readClaims(
        _ field: YAMLField, isLimit: Bool, _ claims: inout ComposeClaims
    ) {
        var map = field.map
        let processors = map.takeValue("cpus")?.quantity("0.5", FileQuantities.milliProcessors)
        let memory = map.takeValue("memory")?.quantity("512m", FileQuantities.bytes)
        let processes = map.takeValue("pids")?.integer(1...UInt32.max)
        map.refuseRest([
            "devices": ComposeRefusals.devices, "generic_resources": ComposeRefusals.devices,
        ])
        if isLimit {
            claims.processors = processors ?? claims.processors
            claims.memory = memory ?? claims.memory
        } else {
            claims.processorsReserved = processors ?? claims.processorsReserved
            claims.memoryReserved = memory ?? claims.memoryReserved
        }
        service.processesMax = processes ?? service.processesMax
    }

    private mutating func readPolicy(_ field: YAMLField) {
        var map = field.map
        let condition = map.takeValue("condition")?.word([
            "any": RestartPolicy.always, "on-failure": .onFailure(nil), "none": .no,
        ])
        let attempts: UInt32? = map.takeValue("max_attempts")?.integer(0...UInt32.max)
        let pauses = "pauses between starts grow by themselves"
        map.refuseRest(["delay": pauses, "window": pauses])
        switch (condition ?? .always, attempts) {
        case (.onFailure, let count): service.restart = .onFailure(count)
        case (let other, nil): service.restart = other
        case (_, _?): field.error("max_attempts counts failures: condition is on-failure")
        }
    }
}

/// What a service asks for, by all the ways of saying it.
struct ComposeClaims {
    var processors: UInt64?
    var processorsReserved: UInt64?
    var memory: UInt64?
    var memoryReserved: UInt64?
}
