// SPDX-License-Identifier: Apache-2.0
import Deployments

extension FuzzTarget {
    /// What a person hands over to be deployed, and the manifest that goes to strangers (DEPLOY-2,
    /// DEPLOY-4).
    static let deployments = [
        FuzzTarget("deployment", of: [deploymentFile, manifest])
    ]

    /// What is read from a file is a manifest that a stranger accepts, with the same bytes.
    private static let deploymentFile = FuzzTarget(
        "file", samples: { [Array(composeSample.utf8), Array(akashSample.utf8)] }
    ) { bytes in
        var options = ReadingOptions(
            file: "f", profiles: ["dev"], variable: { $0 == "SET" ? "value" : nil })
        for _ in 0..<2 {
            let reading = DeploymentSource.read(bytes, options)
            for needed in reading.filesNeeded { options.files[needed] = .bytes(Array("A=$B".utf8)) }
            guard let deployment = reading.deployment else { continue }
            precondition(
                (try? Deployment(canonicalBytes: deployment.canonicalBytes)) == deployment,
                "a manifest that was read is one that is accepted")
        }
    }

    private static let manifest = FuzzTarget(
        "manifest", Deployment.self,
        samples: {
            let options = ReadingOptions(file: "f", files: [".env": .missing("")])
            let reading = DeploymentSource.read(Array(composeSample.utf8), options)
            return reading.deployment.map { [$0] } ?? []
        },
        check: { deployment in
            precondition(deployment.firstFlaw == nil, "what is decoded is sound")
            precondition(deployment.changes(to: deployment).isEmpty, "nothing differs from itself")
        })

    private static let composeSample = """
        name: shop
        x-common: &common {restart: always, init: true}
        services:
          db:
            <<: *common
            image: "postgres:${VERSION:-16}"
            environment: [PGDATA=/data, SET]
            volumes: ['data:/data:ro', /cache, {type: tmpfs, target: /t, tmpfs: {size: 1m}}]
            healthcheck: {test: [CMD, pg_isready], interval: 1m5s}
            secrets: [{source: key, mode: 0400}]
            ulimits: {nofile: {soft: 1, hard: 2}}
            logging: {options: {max-size: 1m}}
          web:
            image: app
            command: serve 'a b'
            ports: ['80:8080/tcp', '3000-3001']
            depends_on: {db: {condition: service_healthy}}
            networks: {back: {aliases: [w]}}
            configs: [site]
            deploy: {replicas: 2, resources: {limits: {cpus: '0.5', memory: 64M}}}
        volumes: {data: {driver_opts: {size: 2g}}}
        networks: {back: {internal: true}}
        secrets: {key: {environment: KEY}}
        configs: {site: {content: hello}}
        """

    private static let akashSample = """
        version: "2.0"
        services: {w: {image: i, env: [A=1], expose: [{port: 80, as: 81, to: [{global: true}]}],
          params: {storage: {d: {mount: /d}}}}}
        profiles:
          compute: {w: {resources: {cpu: {units: 0.1}, memory: {size: 1Mi},
            storage: [{size: 1Mi}, {name: d, size: 1Gi, attributes: {persistent: true}}]}}}
          placement: {p: {attributes: {region: eu}, pricing: {w: {denom: uakt, amount: 1}}}}
        deployment: {w: {p: {profile: w, count: 2}}}
        """
}
