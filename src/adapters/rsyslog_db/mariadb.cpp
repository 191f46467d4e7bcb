#include <charconv>
#include <mysql.h>

#include <fmt/format.h>

#include "adapters/rsyslog_db/table.hpp"

namespace garita::rsyslog_db {
namespace {

struct Closer {
    void operator()(MYSQL* connection) const { mysql_close(connection); }
    void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using Connection = std::unique_ptr<MYSQL, Closer>;
using Answer = std::unique_ptr<MYSQL_RES, Closer>;

std::uint64_t number(const char* text) {
    std::uint64_t value = 0;
    const std::string_view view(text == nullptr ? "" : text);
    std::from_chars(view.data(), view.data() + view.size(), value);
    return value;
}

class MariaDb final : public Table {
  public:
    explicit MariaDb(const Settings& settings) : settings_(settings) {}

    Result<std::uint64_t> newest() override {
        auto answer = ask("SELECT MAX(ID) FROM SystemEvents");
        if (!answer) return tl::unexpected(answer.error());
        const auto row = mysql_fetch_row(answer->get());
        return row == nullptr ? 0 : number(row[0]);
    }

    Result<std::vector<Row>> between(std::uint64_t after, std::uint64_t until, unsigned most) override {
        auto answer = ask(fmt::format(
            "SELECT ID, FromHost, LEFT(CONCAT(COALESCE(SysLogTag,''),COALESCE(Message,'')),8192) FROM "
            "SystemEvents "
            "WHERE ID > {} AND ID <= {} AND (CONCAT(COALESCE(SysLogTag,''),COALESCE(Message,'')) LIKE "
            "'%PSECURE_VIOLATION%' OR CONCAT(COALESCE(SysLogTag,''),COALESCE(Message,'')) LIKE "
            "'%ERR_DISABLE%') "
            "ORDER BY ID LIMIT {}",
            after, until, most));
        if (!answer) return tl::unexpected(answer.error());
        std::vector<Row> rows;
        while (const auto row = mysql_fetch_row(answer->get())) {
            const auto* sizes = mysql_fetch_lengths(answer->get());
            rows.push_back({number(row[0]), row[1] == nullptr ? std::string() : std::string(row[1], sizes[1]),
                            row[2] == nullptr ? std::string() : std::string(row[2], sizes[2])});
        }
        return rows;
    }

  private:
    [[nodiscard]] tl::unexpected<Error> failed(MYSQL* connection) const {
        return fail(ErrorCode::unavailable,
                    fmt::format("rsyslog's MariaDB at {}: {}", settings_.host, mysql_error(connection)),
                    Retry::later);
    }

    Result<void> connect() {
        if (connection_) return {};
        Connection made(mysql_init(nullptr));
        if (!made) return fail(ErrorCode::full, "no memory for a connection to MariaDB", Retry::later);
        const auto within = static_cast<unsigned>(settings_.answer_within.count());
        for (const auto option : {MYSQL_OPT_CONNECT_TIMEOUT, MYSQL_OPT_READ_TIMEOUT, MYSQL_OPT_WRITE_TIMEOUT})
            mysql_optionsv(made.get(), option, &within);
        const my_bool no = 0;
        const my_bool yes = 1;
        const unsigned local_files = 0;  // the server could ask for any of ours
        mysql_optionsv(made.get(), MYSQL_OPT_LOCAL_INFILE, &local_files);
        mysql_optionsv(made.get(), MYSQL_OPT_RECONNECT, &no);
        if (settings_.tls == Settings::Tls::verified) {
            mysql_optionsv(made.get(), MYSQL_OPT_SSL_ENFORCE, &yes);
            mysql_optionsv(made.get(), MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
            if (!settings_.authority.empty())
                mysql_optionsv(made.get(), MYSQL_OPT_SSL_CA, settings_.authority.c_str());
        }
        const auto by_path = settings_.host.starts_with('/');
        std::string password(settings_.password.reveal());
        const auto* const done = mysql_real_connect(
            made.get(), by_path ? nullptr : settings_.host.c_str(), settings_.user.c_str(), password.c_str(),
            settings_.database.c_str(), settings_.port, by_path ? settings_.host.c_str() : nullptr, 0);
        runtime::wipe(password);
        if (done == nullptr) return failed(made.get());
        connection_ = std::move(made);
        return {};
    }

    Result<Answer> ask(const std::string& query) {
        if (const auto connected = connect(); !connected) return tl::unexpected(connected.error());
        if (mysql_real_query(connection_.get(), query.data(), query.size()) == 0) {
            Answer answer(mysql_store_result(connection_.get()));
            if (answer) return answer;
        }
        auto error = failed(connection_.get());
        connection_.reset();
        return error;
    }

    Settings settings_;
    Connection connection_;
};

}  // namespace

std::unique_ptr<Table> make_mariadb(const Settings& settings) {
    return std::make_unique<MariaDb>(settings);
}

}  // namespace garita::rsyslog_db
