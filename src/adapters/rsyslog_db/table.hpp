#pragma once
// rsyslog's table SystemEvents in whichever database. Used by one thread.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::rsyslog_db {

struct Row {
    std::uint64_t id = 0;
    std::string host;  ///< FromHost: what rsyslog made of the header or the sender's address; can be forged
    std::string text;  ///< SysLogTag and Message: rsyslog cuts a message in two between them
};

struct Settings {
    enum class Tls { off, verified };
    std::string host;        ///< or the path of a socket
    std::uint16_t port = 0;  ///< 0: the database's own
    std::string database = "Syslog";
    std::string user;
    runtime::Secret password;
    Tls tls = Tls::verified;
    std::filesystem::path authority;  ///< PEM of who vouches for the server
    std::chrono::seconds answer_within{10};
};

class Table {
  public:
    Table() = default;
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;
    virtual ~Table() = default;

    /// The largest id; 0: no row. A lost connection is made anew by the next call; `unavailable` until then.
    [[nodiscard]] virtual Result<std::uint64_t> newest() = 0;
    /// Rows with after < id <= until that may be port events, in the order of their ids, at most `most`.
    [[nodiscard]] virtual Result<std::vector<Row>> between(std::uint64_t after, std::uint64_t until,
                                                           unsigned most) = 0;
};

[[nodiscard]] std::unique_ptr<Table> make_mariadb(const Settings& settings);
[[nodiscard]] std::unique_ptr<Table> make_postgresql(const Settings& settings);

}  // namespace garita::rsyslog_db
