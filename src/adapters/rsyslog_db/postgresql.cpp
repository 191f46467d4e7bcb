#include <array>
#include <charconv>
#include <libpq-fe.h>

#include <fmt/format.h>

#include "adapters/rsyslog_db/table.hpp"

namespace garita::rsyslog_db {
namespace {

struct Closer {
    void operator()(PGconn* connection) const { PQfinish(connection); }
    void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Closer>;
using Answer = std::unique_ptr<PGresult, Closer>;

std::string_view text(const Answer& answer, int row, int column) {
    return {PQgetvalue(answer.get(), row, column),
            static_cast<std::size_t>(PQgetlength(answer.get(), row, column))};
}
std::uint64_t number(std::string_view digits) {
    std::uint64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

class PostgreSql final : public Table {
  public:
    explicit PostgreSql(const Settings& settings) : settings_(settings) {}

    Result<std::uint64_t> newest() override {
        const auto answer = ask("SELECT COALESCE(MAX(id),0) FROM systemevents");
        if (!answer) return tl::unexpected(answer.error());
        return PQntuples(answer->get()) == 1 ? number(text(*answer, 0, 0)) : 0;
    }

    Result<std::vector<Row>> between(std::uint64_t after, std::uint64_t until, unsigned most) override {
        const auto answer =
            ask(fmt::format("SELECT id, fromhost, LEFT(CONCAT(syslogtag,message),8192) FROM systemevents "
                            "WHERE id > {} AND id <= {} AND "
                            "(CONCAT(syslogtag,message) LIKE '%PSECURE_VIOLATION%' OR "
                            "CONCAT(syslogtag,message) LIKE '%ERR_DISABLE%') "
                            "ORDER BY id LIMIT {}",
                            after, until, most));
        if (!answer) return tl::unexpected(answer.error());
        std::vector<Row> rows;
        for (int row = 0; row < PQntuples(answer->get()); ++row)
            rows.push_back({number(text(*answer, row, 0)), std::string(text(*answer, row, 1)),
                            std::string(text(*answer, row, 2))});
        return rows;
    }

  private:
    [[nodiscard]] tl::unexpected<Error> failed(const PGconn* connection) const {
        std::string said = PQerrorMessage(connection);
        while (said.ends_with('\n'))
            said.pop_back();
        return fail(ErrorCode::unavailable,
                    fmt::format("rsyslog's PostgreSQL at {}: {}", settings_.host, said), Retry::later);
    }

    Result<void> connect() {
        if (connection_) return {};
        const auto port = settings_.port == 0 ? std::string() : std::to_string(settings_.port);
        const auto within = std::to_string(settings_.answer_within.count());
        const auto milliseconds = std::to_string(settings_.answer_within.count() * 1000);
        const auto options = "-c statement_timeout=" + milliseconds + " -c default_transaction_read_only=on";
        std::string password(settings_.password.reveal());
        const auto verified = settings_.tls == Settings::Tls::verified;
        const std::array names = {"host",
                                  "port",
                                  "dbname",
                                  "user",
                                  "password",
                                  "sslmode",
                                  "sslrootcert",
                                  "connect_timeout",
                                  "tcp_user_timeout",
                                  "options",
                                  static_cast<const char*>(nullptr)};
        const std::array values = {settings_.host.c_str(),
                                   port.c_str(),
                                   settings_.database.c_str(),
                                   settings_.user.c_str(),
                                   password.c_str(),
                                   verified ? "verify-full" : "disable",
                                   settings_.authority.c_str(),
                                   within.c_str(),
                                   milliseconds.c_str(),
                                   options.c_str(),
                                   static_cast<const char*>(nullptr)};
        Connection made(PQconnectdbParams(names.data(), values.data(), 0));
        runtime::wipe(password);
        if (!made || PQstatus(made.get()) != CONNECTION_OK) return failed(made.get());
        connection_ = std::move(made);
        return {};
    }

    Result<Answer> ask(const std::string& query) {
        if (const auto connected = connect(); !connected) return tl::unexpected(connected.error());
        Answer answer(PQexec(connection_.get(), query.c_str()));
        if (PQresultStatus(answer.get()) == PGRES_TUPLES_OK) return answer;
        auto error = failed(connection_.get());
        connection_.reset();
        return error;
    }

    Settings settings_;
    Connection connection_;
};

}  // namespace

std::unique_ptr<Table> make_postgresql(const Settings& settings) {
    return std::make_unique<PostgreSql>(settings);
}

}  // namespace garita::rsyslog_db
