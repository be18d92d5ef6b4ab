// SPDX-License-Identifier: Apache-2.0
import Glibc

/// nginx with one worker and one file, on a free port of loopback.
enum NginxServer {
    private static let program = "/usr/sbin/nginx"

    /// Lends the file's address and the server's processes to `body`, and stops the server.
    static func lend<Value>(
        folder: String, body text: String,
        _ body: (_ address: String, _ pids: [Int]) throws -> Value
    ) throws -> Value {
        guard SystemFile.size(program) != nil else {
            throw BenchFailure("nginx is not installed (Debian package nginx-light)")
        }
        let home = folder + "/nginx"
        guard mkdir(home, 0o755) == 0, SystemFile.write(home + "/account", text),
            SystemFile.write(home + "/nginx.conf", configuration(home))
        else { throw BenchFailure("\(home) cannot be written") }
        let master = try ChildProgram.start(
            program, ["-p", home, "-e", home + "/error.log", "-c", home + "/nginx.conf"])
        defer { ChildProgram.stop(master) }
        var pids: [Int] = []
        for _ in 0..<100 where pids.count < 2 {
            usleep(20_000)
            pids = [Int(master)] + children(of: master)
        }
        guard pids.count > 1 else { throw BenchFailure("nginx did not start") }
        return try body("http://127.0.0.1:\(port)/account", pids)
    }

    /// Outside the range from which local clouds take their ports.
    private static let port = 19_480

    private static func children(of process: pid_t) -> [Int] {
        let text = SystemFile.text("/proc/\(process)/task/\(process)/children") ?? ""
        return text.split(separator: " ").compactMap { Int($0) }
    }

    private static func configuration(_ home: String) -> String {
        """
        user root;
        daemon off;
        worker_processes 1;
        pid \(home)/nginx.pid;
        events { worker_connections 1024; }
        http {
            access_log off;
            sendfile on;
            tcp_nopush on;
            keepalive_requests 1000000000;
            open_file_cache max=16 inactive=60s;
            client_body_temp_path \(home)/body;
            proxy_temp_path \(home)/proxy;
            fastcgi_temp_path \(home)/fastcgi;
            uwsgi_temp_path \(home)/uwsgi;
            scgi_temp_path \(home)/scgi;
            default_type application/json;
            server { listen 127.0.0.1:\(port); root \(home); }
        }

        """
    }
}
