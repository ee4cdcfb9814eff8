#include "postgis/private_cluster.hpp"

#include "support/process.hpp"

#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

namespace corebelt::test {

namespace {

namespace fs = std::filesystem;

/// /usr/lib/postgresql/15/bin and the like; the newest version that has PostGIS.
std::string programs_with_postgis() {
    std::vector<fs::path> versions;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored))
        if (fs::exists(entry.path() / "bin/initdb") &&
            fs::exists("/usr/share/postgresql/" + entry.path().filename().string() + "/extension/postgis.control"))
            versions.push_back(entry.path() / "bin");
    std::sort(versions.begin(), versions.end());
    return versions.empty() ? "" : versions.back().string();
}

/// The server refuses to run as root: there it runs as `postgres`, whom the package makes.
std::vector<std::string> as_server_user() {
    if (geteuid() != 0)
        return {"/usr/bin/setpriv", "--pdeathsig", "QUIT"};
    return {"/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig", "QUIT"};
}

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

} // namespace

std::unique_ptr<PrivateCluster> PrivateCluster::start(std::string& why_not) {
    std::unique_ptr<PrivateCluster> made(new PrivateCluster);
    made->programs_ = programs_with_postgis();
    if (made->programs_.empty()) {
        why_not = "PostgreSQL with PostGIS is not installed (Debian 12: postgresql-15-postgis-3)";
        return nullptr;
    }
    if (geteuid() == 0) {
        const passwd* user = getpwnam("postgres");
        if (user == nullptr || chown(made->folder().c_str(), user->pw_uid, user->pw_gid) != 0) {
            why_not = "the server cannot run as root and there is no user postgres";
            return nullptr;
        }
    }
    ProcessOptions in_folder;
    in_folder.folder = made->folder();
    const Outcome made_data =
        run_process(joined(as_server_user(), {made->programs_ + "/initdb", "-D", made->folder() + "/data", "-U",
                                              "tester", "--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                                              "--locale-provider=icu", "--icu-locale=zh"}),
                    in_folder);
    if (made_data.exit_code != 0) {
        why_not = "initdb failed: " + made_data.err;
        return nullptr;
    }
    const std::string rules = made->folder() + "/data/pg_hba.conf";
    write_text(rules, "local all planner scram-sha-256\n" + read_text(rules));
    made->run_server();
    static_cast<void>(run_process({made->programs_ + "/createdb", "-h", made->folder(), "-U", "tester", "gis"}));
    static_cast<void>(made->sql("CREATE EXTENSION postgis; CREATE ROLE planner LOGIN PASSWORD 'S3cret wort'"));
    return made;
}

PrivateCluster::~PrivateCluster() {
    stop_at_once();
}

void PrivateCluster::run_server() {
    std::fflush(nullptr);
    const auto words =
        joined(as_server_user(), {programs_ + "/postgres", "-D", folder() + "/data", "-k", folder(), "-c",
                                  "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=20", "-c",
                                  "shared_buffers=32MB", "-c", "log_statement=all", "-c", "timezone=Asia/Shanghai"});
    server_ = fork();
    if (server_ < 0)
        throw std::runtime_error("fork failed");
    if (server_ == 0) {
        const std::string log_file = folder() + "/log";
        if (std::freopen(log_file.c_str(), "a", stdout) == nullptr || dup2(STDOUT_FILENO, STDERR_FILENO) < 0 ||
            chdir(folder().c_str()) != 0)
            _exit(127);
        std::vector<char*> arguments;
        for (const auto& word : words)
            arguments.push_back(const_cast<char*>(word.c_str())); // execv takes char* for history's sake
        arguments.push_back(nullptr);
        execv(arguments[0], arguments.data());
        _exit(127);
    }
    for (int i = 0; i < 300; ++i) {
        const Outcome ready = run_process({programs_ + "/pg_isready", "-q", "-h", folder()});
        if (ready.exit_code == 0)
            return;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    throw std::runtime_error("the server did not start: " + log());
}

std::string PrivateCluster::source() const {
    return "PG:host=" + folder() + " user=tester dbname=gis";
}

std::string PrivateCluster::sql(const std::string& statements) const {
    const Outcome outcome = run_process({programs_ + "/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h",
                                         folder(), "-U", "tester", "-d", "gis", "-c", statements});
    if (outcome.exit_code != 0)
        throw std::runtime_error(outcome.err);
    return outcome.out.substr(0, outcome.out.find_last_not_of('\n') + 1);
}

std::string PrivateCluster::log() const {
    return read_text(folder_.path() / "log");
}

void PrivateCluster::stop_at_once() {
    if (server_ <= 0)
        return;
    kill(server_, SIGQUIT);
    waitpid(server_, nullptr, 0);
    server_ = -1;
}

void PrivateCluster::start_again() {
    stop_at_once();
    run_server();
}

PrivateCluster* cluster() {
    static std::string why_not;
    static const std::unique_ptr<PrivateCluster> made = PrivateCluster::start(why_not);
    if (!made && !why_not.empty()) {
        std::printf("skipped: %s\n", why_not.c_str());
        why_not.clear();
    }
    if (made && made->server_ <= 0) // a test that failed left it down
        made->run_server();
    return made.get();
}

} // namespace corebelt::test
