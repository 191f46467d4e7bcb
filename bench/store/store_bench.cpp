// How fast the stores are, beside what was promised. Everything is durable when it counts as done.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "adapters/sqlite/sqlite_agent_store.hpp"
#include "adapters/sqlite/sqlite_store.hpp"

namespace {

using namespace garita;
using garita::sqlite::SqliteAgentStore;
using garita::sqlite::SqliteStore;

struct Scale {
    int alerts;  ///< in batches, and half as many in single writes
    int open_cases;
    int rules;
};

double cpu_now() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Processor time of the last measured work, shown beside each figure: what is left is waiting for the disk
/// and for other programs.
double last_cpu = 0;

double seconds_of(const std::function<void()>& work) {
    const auto cpu = cpu_now();
    const auto start = std::chrono::steady_clock::now();
    work();
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    last_cpu = cpu_now() - cpu;
    return wall;
}

void must(const Result<void>& done) {
    if (!done) throw std::runtime_error(done.error().text);
}

void show(const char* what, double figure, const char* unit, const char* bar) {
    std::printf("%-50s %12.2f %-9s cpu %8.4f s (bar: %s)\n", what, figure, unit, last_cpu, bar);
    std::fflush(stdout);
}

long resident_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
    return 0;
}

Time at(int n) {
    return from_micros(1'795'327'705'000'000 + n);
}

Alert alert(const std::string& uid) {
    Alert made;
    made.uid = uid;
    made.device = "web1";
    made.kind = "http_errors";
    made.subject = "192.0.2.7";
    made.at = at(0);
    made.address = IpNetwork::parse("192.0.2.7");
    made.facts = {{"count", "53"}, {"status", "404"}, {"last", "GET /wp-login.php"}};
    return made;
}

std::string address(int n) {
    return "10." + std::to_string(n >> 16 & 255) + '.' + std::to_string(n >> 8 & 255) + '.' +
           std::to_string(n & 255);
}

void sync_floor(const std::string& folder) {
    const int fd = ::open((folder + "/sync").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    std::vector<double> times;
    std::string block(4096, 'x');
    for (int n = 0; n < 200; ++n)
        times.push_back(seconds_of([&] {
            if (::pwrite(fd, block.data(), block.size(), n * 4096) < 0 || ::fdatasync(fd) != 0)
                throw std::runtime_error("cannot sync");
        }));
    ::close(fd);
    std::sort(times.begin(), times.end());
    show("floor: 4 KiB written and synced, median", times[100] * 1e3, "ms", "none: this machine's disk");
}

void single_latency(SqliteStore& store) {
    std::vector<double> times;
    for (int n = 0; n < 200; ++n)
        times.push_back(seconds_of([&] {
            must(store.write([&](store::Transaction& tx) -> Result<void> {
                tx.add_alert(alert("one-" + std::to_string(n)));
                return {};
            }));
        }));
    std::sort(times.begin(), times.end());
    show("one write alone, median", times[100] * 1e3, "ms", "about the floor");
}

/// What one row is made of: given its number.
using Adding = std::function<void(store::Transaction&, int)>;

/// So many rows in writes of a hundred, from one thread; in seconds.
double in_batches(SqliteStore& store, int count, const Adding& add) {
    return seconds_of([&] {
        for (int n = 0; n < count; n += 100)
            must(store.write([&](store::Transaction& tx) -> Result<void> {
                for (int i = n; i < n + 100; ++i)
                    add(tx, i);
                return {};
            }));
    });
}

/// Each in a write of its own, from 32 threads; in seconds.
double one_by_one(SqliteStore& store, int count, const Adding& add) {
    std::atomic<int> next = 0;
    return seconds_of([&] {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 32; ++t)
            threads.emplace_back([&] {
                for (int n = next++; n < count; n = next++)
                    must(store.write([&](store::Transaction& tx) -> Result<void> {
                        add(tx, n);
                        return {};
                    }));
            });
    });
}

void alerts(SqliteStore& store, int count) {
    const double batched = in_batches(store, count, [](store::Transaction& tx, int n) {
        tx.add_alert(alert("batch-" + std::to_string(n)));
    });
    show("alerts in batches of 100, one thread", count / batched, "alerts/s", "30000");
    const int singles = count / 2;
    const double single = one_by_one(store, singles, [](store::Transaction& tx, int n) {
        tx.add_alert(alert("single-" + std::to_string(n)));
        tx.ring({store::Topic::alerts, ""});
    });
    show("alerts in single writes, 32 threads", singles / single, "alerts/s", "8000");
}

AuditEntry audit_entry(int n) {
    return {0,
            at(n),
            {Actor::Kind::person, "ana", "telegram", Role::operator_},
            "decide",
            "case " + std::to_string(n),
            "block 192.0.2.7 for 24h"};
}

/// What each decision and change of rules writes beside its own rows: an entry of the audit trail.
void audited(SqliteStore& store, int count) {
    const double batched =
        in_batches(store, count, [](store::Transaction& tx, int n) { tx.add_audit(audit_entry(n)); });
    show("audit entries in batches of 100, one thread", count / batched, "entries/s", "none");
    const int singles = count / 2;
    const double single = one_by_one(store, singles, [](store::Transaction& tx, int n) {
        tx.add_alert(alert("audited-" + std::to_string(n)));
        tx.add_audit(audit_entry(n));
    });
    show("alert and audit entry, single writes, 32 threads", singles / single, "writes/s", "5000");
}

void cases(SqliteStore& store, int count) {
    for (int n = 0; n < count; n += 1000)
        must(store.write([&](store::Transaction& tx) -> Result<void> {
            for (int i = n; i < n + 1000; ++i) {
                Case made;
                made.kind = "ssh_login";
                made.device = "web1";
                made.subject = address(i);
                made.expires_at = at(i);
                made.address = IpNetwork::parse(made.subject);
                made.facts = {{"user", "root"}, {"method", "publickey"}};
                made.responses = {Response::allow, Response::close_connection, Response::block};
                Message message;
                message.case_id = tx.insert_case(made);
                message.channel = "telegram";
                message.place = "-100";
                message.external_id = "5";
                message.shown_version = 1;
                tx.insert_message(message);
            }
            return {};
        }));
    const auto read = [&](const char* what, const char* bar, const std::function<void(store::View&)>& ask) {
        double best = 1e9;
        for (int n = 0; n < 5; ++n)
            best = std::min(best, seconds_of([&] {
                                must(store.read([&](store::View& view) -> Result<void> {
                                    ask(view);
                                    return {};
                                }));
                            }));
        show(what, best * 1e3, "ms", bar);
    };
    read("first page of 100 open cases", "20 ms", [](store::View& view) {
        if (view.cases({.states = {CaseState::open}}).size() != 100) throw std::runtime_error("no page");
    });
    read("100 silent cases and the next silence", "none", [](store::View& view) {
        if (view.silent_cases(at(1'000'000), 100).size() != 100 || !view.next_silence())
            throw std::runtime_error("none");
    });
    read("cases without message, all have one", "none", [](store::View& view) {
        if (!view.cases_without_message("telegram", "-100", 100).empty()) throw std::runtime_error("some");
    });
    read("stale messages, none is", "none", [](store::View& view) {
        if (!view.stale_messages("telegram", at(0), 100).empty()) throw std::runtime_error("some");
    });
    read("counts", "none", [](store::View& view) { (void)view.counts(); });
}

std::vector<Rule> rules(SqliteStore& store, int count) {
    const double changed = seconds_of([&] {
        for (int n = 0; n < count; n += 1000)
            must(store.write([&](store::Transaction& tx) -> Result<void> {
                for (int i = n; i < n + 1000; ++i) {
                    RuleChange wish;
                    wish.device = "web1";
                    wish.name = "block";
                    wish.params = address(i);
                    wish.desired = "drop";
                    wish.expires_at = at(i);
                    wish.author = "billing (rest)";
                    if (!tx.change_rule(wish, at(0))) throw std::runtime_error("no change");
                }
                return {};
            }));
    });
    show("rules changed, transactions of 1000", changed, "s", "2 s for 100000");
    std::vector<Rule> read;
    const double reading = seconds_of([&] {
        must(store.read([&](store::View& view) -> Result<void> {
            read = view.rule_changes("web1", 0, static_cast<std::size_t>(count));
            return {};
        }));
    });
    show("their changes read", reading, "s", "0.4 s for 100000");
    const double confirming = seconds_of([&] {
        must(store.write([&](store::Transaction& tx) -> Result<void> {
            tx.confirm_rules("web1", count, {{5, "full"}}, 3, at(0));
            return {};
        }));
    });
    show("confirmed in one report", confirming, "s", "0.5 s for 100000");
    return read;
}

void agent(const std::string& folder, const std::vector<Rule>& changes) {
    auto opened = SqliteAgentStore::open({.file = folder + "/agent.db"});
    if (!opened) throw std::runtime_error(opened.error().text);
    auto& store = **opened;
    show("agent: rules held, one transaction",
         seconds_of([&] { must(store.hold_rules(changes, changes.back().seq)); }), "s", "0.7 s for 100000");
    show("agent: held rules read", seconds_of([&] {
             if (store.held_rules()->size() != changes.size()) throw std::runtime_error("not all held");
         }),
         "s", "0.2 s for 100000");
}

int run(const std::string& folder, const Scale& scale) {
    std::printf("%d alerts, %d cases, %d rules\n", scale.alerts, scale.open_cases, scale.rules);
    sync_floor(folder);
    std::vector<Rule> changes;
    {
        const auto before = resident_kib();
        auto opened = SqliteStore::open({.file = folder + "/hub.db"});
        if (!opened) throw std::runtime_error(opened.error().text);
        auto& store = **opened;
        single_latency(store);
        alerts(store, scale.alerts);
        audited(store, scale.alerts);
        cases(store, scale.open_cases);
        show("hub's store resident after all that", static_cast<double>(resident_kib() - before) / 1024,
             "MiB", "part of 40");
        changes = rules(store, scale.rules);
    }
    agent(folder, changes);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: garita_bench_store FOLDER small|full\n", stderr);
        return 2;
    }
    try {
        const bool small = std::string(argv[2]) == "small";
        return run(argv[1], small ? Scale{10'000, 5'000, 10'000} : Scale{100'000, 50'000, 100'000});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
