// A watch over many hosts with the real connect engine, on this machine's own addresses 127.1.0.0/16, with a
// store on disk: how long a cycle takes, what it needs of memory, and how many cases come of one drift and of
// names that nobody resolves.
//
// garita_bench_port_watch [HOSTS] [PORTS]. Prints a line for each, and ends with 1 where a bar is missed.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "adapters/connect_scan/connect_engine.hpp"
#include "adapters/sqlite/sqlite_port_book.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "decide/filing.hpp"
#include "scan/watch.hpp"

namespace {

using namespace garita;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr Port first_port = 20000;
constexpr double most_seconds = 10;
constexpr double most_mebibytes = 60;
constexpr Port intruder_port = first_port + 50;

struct Bar {
    bool kept = true;
    void tell(const std::string& what, double value, double bar, const char* unit) {
        const bool fine = value <= bar;
        std::printf("%-44s %8.2f %s (bar %.0f) %s\n", what.c_str(), value, unit, bar, fine ? "ok" : "MISSED");
        kept = kept && fine;
    }
    void expect(const std::string& what, std::size_t value, std::size_t wanted) {
        std::printf("%-44s %8zu (wanted %zu) %s\n", what.c_str(), value, wanted,
                    value == wanted ? "ok" : "MISSED");
        kept = kept && value == wanted;
    }
};

int listen_at(std::uint32_t address, Port port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(address);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 || ::listen(fd, 4096) != 0)
        throw std::runtime_error("port " + std::to_string(port) + " is taken");
    return fd;
}

std::string host_of(std::size_t i) {
    return "127.1." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1);
}

class Names final : public scan::NameResolver {
  public:
    std::vector<Answer> resolve(const std::vector<std::string>& names) override {
        std::vector<Answer> answers;
        for (const auto& name : names)
            if (out)
                answers.push_back(fail(ErrorCode::unavailable, "no name server answers"));
            else
                answers.push_back(std::vector{IpAddress::parse(known.at(name)).value()});
        return answers;
    }
    std::map<std::string, std::string> known;
    bool out = false;
};

class Bench {
  public:
    Bench(std::size_t hosts, Port ports) {
        std::string pattern = (std::filesystem::temp_directory_path() / "garita-bench-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        auto opened = sqlite::SqliteStore::open({.file = folder_ / "hub.db"});
        if (!opened) throw std::runtime_error(opened.error().text);
        store_ = std::move(*opened);
        WrittenSpecification text;
        for (std::size_t i = 0; i < hosts; ++i) {
            const auto name = "host" + std::to_string(i) + ".example.org";
            names_.known.emplace(name, host_of(i));
            WrittenPorts wanted;
            wanted.must = PortSet::of(first_port, first_port + 1);
            wanted.scanports = PortSet::of(first_port, static_cast<Port>(first_port + ports - 1));
            text.hosts.emplace_back(name, wanted);
        }
        auto specification = scan::Specification::make(text);
        if (!specification) throw std::runtime_error(specification.error().text);
        scan::WatchOptions options;
        options.limits.probes_per_second = 1'000'000;
        watch_ = std::make_unique<scan::PortWatch>(
            scan::WatchGround{*store_,
                              book_,
                              {engine_, nullptr, names_},
                              nullptr,
                              [](const std::string& text_) { std::printf("warning: %s\n", text_.c_str()); },
                              [] {}},
            std::move(*specification), options);
        filing_ = std::make_unique<decide::Filing>(*store_, desk_);
    }
    ~Bench() { std::filesystem::remove_all(folder_); }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    bool run() {
        Bar bar;
        listen_at(INADDR_ANY, first_port);
        listen_at(INADDR_ANY, first_port + 1);
        bar.tell("a cycle, the first", cycle(), most_seconds, "s");
        bar.expect("cases, all as specified", cases(), 0);
        bar.tell("a cycle, the second", asked_cycle(), most_seconds, "s");
        listen_at((127U << 24U) + (1U << 16U) + 8, intruder_port);
        bar.tell("a cycle, one port of one host drifts", asked_cycle(), most_seconds, "s");
        pass(31s);
        bar.expect("cases of one drift", cases(), 1);
        names_.out = true;
        bar.tell("a cycle, no name is resolved", asked_cycle(), most_seconds, "s");
        for (int i = 0; i < 10; ++i)
            pass(60s);
        bar.expect("cases with that of the names", cases(), 2);
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        bar.tell("memory at most", static_cast<double>(usage.ru_maxrss) / 1024, most_mebibytes, "MiB");
        return bar.kept;
    }

  private:
    void settle() {
        for (int i = 0; i < 1000; ++i) {
            const auto wait = watch_->step(now_);
            if (!wait) throw std::runtime_error(wait.error().text);
            (void)filing_->step(now_);
            if (*wait > 100ms) return;
        }
    }
    void pass(Duration span) {
        now_ += span;
        settle();
    }
    double cycle() {
        const auto begun = Clock::now();
        settle();
        return std::chrono::duration<double>(Clock::now() - begun).count();
    }
    double asked_cycle() {
        now_ += 1s;
        (void)watch_->scan_now("");
        return cycle();
    }
    std::size_t cases() {
        std::size_t count = 0;
        (void)store_->read([&](store::View& view) -> Result<void> {
            store::CaseQuery query;
            query.limit = 100'000;
            count = view.cases(query).size();
            return {};
        });
        return count;
    }

    std::filesystem::path folder_;
    std::unique_ptr<sqlite::SqliteStore> store_;
    sqlite::SqlitePortBook book_;
    connect_scan::ConnectEngine engine_;
    Names names_;
    decide::DeskOptions desk_;
    std::unique_ptr<scan::PortWatch> watch_;
    std::unique_ptr<decide::Filing> filing_;
    Time now_{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
};

}  // namespace

int main(int argc, char** argv) {
    const auto hosts = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2000UL;
    const auto ports = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 100UL;
    try {
        return Bench(hosts, static_cast<Port>(ports)).run() ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
