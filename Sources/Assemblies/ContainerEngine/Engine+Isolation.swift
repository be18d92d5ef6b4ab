// SPDX-License-Identifier: Apache-2.0
import ContainerImages
import Effects
import HTTPServer

// What a container is given of the machine and of other containers (ENGINE-15).

extension Engine {
    /// Finds the devices that a container asks for.
    func devices(_ isolation: Isolation) async throws(EngineFailure) -> [GivenDevice] {
        if isolation.isPrivileged {
            return try await blocking { () throws(ImageFailure) in
                try MachineDevice.all(in: "/dev").map {
                    GivenDevice(device: $0, destination: $0.path, access: "rwm")
                }
            }
        }
        var devices: [GivenDevice] = []
        for wish in isolation.devices {
            let found = try await blocking { () throws(ImageFailure) in
                if let device = MachineDevice(wish.source) { return [device] }
                return try MachineDevice.all(in: wish.source)
            }
            guard !found.isEmpty, devices.count + found.count <= MachineDevice.countMax else {
                throw EngineFailure(
                    .internalError,
                    "error gathering device information while adding custom device "
                        + "\"\(wish.source)\": not a device node")
            }
            devices += found.map { device in
                let inner = String(device.path.dropFirst(wish.source.count))
                return GivenDevice(
                    device: device, destination: wish.destination + inner, access: wish.access)
            }
        }
        return devices
    }

    /// The namespaces of other containers that a container joins, by kind.
    func joined(_ isolation: Isolation) throws(EngineFailure) -> [String: String] {
        guard case .container(let name) = isolation.processes else { return [:] }
        let other = try container(name)
        guard other.isAlive else {
            throw EngineFailure(
                .conflict, "cannot join PID of a non running container: \(other.id)")
        }
        return ["pid": "/proc/\(other.process)/ns/pid"]
    }
}
