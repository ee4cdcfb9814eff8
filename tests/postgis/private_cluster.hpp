#pragma once
/// A PostgreSQL server for the tests alone: its own data folder, a socket in it, no network.

#include "support/temp_dir.hpp"

#include <sys/types.h>

#include <memory>
#include <string>

namespace corebelt::test {

class PrivateCluster;
/// The cluster of this test program, running; none (and one line on why) where it cannot be.
[[nodiscard]] PrivateCluster* cluster();

/// Made anew for each object, stopped and removed by the destructor. Should the test program die, the kernel stops the
/// server. The database `gis` has PostGIS, the encoding UTF-8 and a Chinese collation (ICU), so that texts do not
/// compare by bytes there. Superuser `tester` needs no password; role `planner` has the password `S3cret wort`.
class PrivateCluster {
public:
    /// None, with the reason in `why_not`, where PostgreSQL or PostGIS is not installed.
    [[nodiscard]] static std::unique_ptr<PrivateCluster> start(std::string& why_not);
    ~PrivateCluster();
    PrivateCluster(const PrivateCluster&) = delete;
    PrivateCluster& operator=(const PrivateCluster&) = delete;

    /// "PG:host=… user=tester dbname=gis".
    [[nodiscard]] std::string source() const;
    [[nodiscard]] std::string folder() const { return folder_.path().string(); }
    /// What psql prints, unaligned and without headings. @throws std::runtime_error with what it complained of.
    std::string sql(const std::string& statements) const;
    /// Everything the server logged so far.
    [[nodiscard]] std::string log() const;

    /// At once, as when the machine loses power.
    void stop_at_once();
    void start_again();

private:
    friend PrivateCluster* cluster();
    PrivateCluster() = default;
    void run_server();

    TempDir folder_;
    std::string programs_; ///< folder of initdb and postgres
    pid_t server_ = -1;
};

} // namespace corebelt::test
