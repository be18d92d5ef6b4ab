// SPDX-License-Identifier: Apache-2.0

/// The declarations of volumes and networks.
enum ComposeVolumes {
    static func volume(_ name: String, _ field: YAMLField) -> Volume? {
        var volume = Volume(name)
        var map = field.map
        _ = map.takeValue("driver")?.word(["local": true])
        if var driver = map.takeValue("driver_opts")?.map {
            if let size = driver.takeValue("size")?.quantity("10G", FileQuantities.bytes) {
                volume.bytesMax = max(1, size)
            }
            driver.refuseRest(ComposeRefusals.volumeOptions)
        }
        refuseOutside(&map, "a volume")
        refuseName(&map, name)
        volume.labels = map.takeValue("labels")?.labels ?? []
        map.refuseRest(ComposeRefusals.volume)
        return volume
    }

    static func network(_ name: String, _ field: YAMLField) -> DeploymentNetwork? {
        var network = DeploymentNetwork(name)
        var map = field.map
        _ = map.takeValue("driver")?.word(["bridge": true, "overlay": true, "default": true])
        network.isInternal = map.takeValue("internal")?.flag ?? false
        // Nothing attaches itself to a deployment from outside, whether it may or not.
        _ = map.takeValue("attachable")?.flag
        // Networks carry both versions of the protocol.
        _ = map.takeValue("enable_ipv4")?.flag
        _ = map.takeValue("enable_ipv6")?.flag
        refuseOutside(&map, "a network")
        refuseName(&map, name)
        network.labels = map.takeValue("labels")?.labels ?? []
        map.refuseRest(ComposeRefusals.network)
        return network
    }

    /// `external: true` names something that whoever deploys has, and no provider.
    static func refuseOutside(_ map: inout MapReader, _ what: String) {
        guard let field = map.takeValue("external"), field.flag == true else { return }
        field.refuse("external: \(what) outside this deployment is on no provider")
    }

    /// A name of its own means something only where several projects share an engine.
    static func refuseName(_ map: inout MapReader, _ name: String) {
        guard let field = map.takeValue("name"), let other = field.text, other != name else {
            return
        }
        field.refuse("name: names outside this deployment mean nothing on a provider")
    }
}
