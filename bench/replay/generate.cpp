// Writes log files of known content for the replay benchmark, and beside each the answer ("FILE.truth": one
// address a line). Deterministic: the same arguments give the same bytes.
//
//   bench_replay_generate mixed LINES FILE     web log, 2 % errors: classes of attackers, see write_mixed
//   bench_replay_generate flood LINES FILE     web log, every line an error, from 559 thousand addresses
//   bench_replay_generate few LINES FILE       web log, every line an error, from 14 thousand addresses
//   bench_replay_generate tracked N FILE       web log, N addresses with 60 errors each within 30 s of one
//   minute bench_replay_generate ssh LINES FILE       sshd's log: failures, logins, noise, forged user names

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

namespace {

constexpr unsigned start_hour = 13;
constexpr unsigned hour = 3600;

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

class Output {
  public:
    explicit Output(const std::string& path) : file_(std::fopen(path.c_str(), "wb")) {
        if (!file_) throw std::runtime_error("cannot write " + path);
    }
    void line(std::string_view text) {
        if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size() ||
            std::fputc('\n', file_.get()) < 0)
            throw std::runtime_error("disk full");
    }

  private:
    std::unique_ptr<std::FILE, CloseFile> file_;
};

struct Event {
    std::uint32_t second;  // of the hour
    std::uint32_t address;
    bool v6 = false;
};

std::string address_text(std::uint32_t address) {
    return fmt::format("{}.{}.{}.{}", address >> 24, (address >> 16) & 255, (address >> 8) & 255,
                       address & 255);
}

std::string web_line(std::string_view address, std::uint32_t second, std::string_view path, unsigned status,
                     unsigned size) {
    return fmt::format(
        R"({} - - [22/Nov/2026:{:02}:{:02}:{:02} +0000] "GET {} HTTP/1.1" {} {} "https://shop.example.net/" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko")",
        address, start_hour + second / 3600, second / 60 % 60, second % 60, path, status, size);
}

/// `count` errors spread evenly over `span` seconds from `start`.
void spread(std::vector<Event>& events, std::uint32_t address, std::uint32_t start, unsigned count,
            unsigned span) {
    for (unsigned i = 0; i < count; ++i)
        events.push_back({start + i * span / count, address});
}

/// Alarming: 200 addresses with 60 errors in 30 s, 200 with 50 in 40 s across a minute's edge. Not alarming:
/// 49 in 50 s, 60 over 119 s, "404" only in path and size, and IPv6 that rotates in one /64 (which alarms as
/// a network).
void write_mixed(std::uint64_t lines, const std::string& path) {
    std::mt19937_64 random(1);
    std::vector<Event> events;
    std::set<std::string> truth;
    for (std::uint32_t i = 0; i < 200; ++i) {
        const auto at = [&] { return static_cast<std::uint32_t>(random() % (hour - 180)); };
        spread(events, 0x0A010000 + i, at(), 60, 30);
        spread(events, 0x0A020000 + i, at(), 49, 50);
        spread(events, 0x0A030000 + i, at(), 60, 119);
        spread(events, 0x0A040000 + i, at() / 60 * 60 + 40, 50, 40);
        truth.insert({address_text(0x0A010000 + i), address_text(0x0A040000 + i)});
    }
    for (std::uint32_t i = 0; i < 120; ++i)
        events.push_back({1000 + i / 4, i, true});
    truth.insert("2001:db8:7:7::/64");
    // scattered errors up to two in a hundred lines, never many from one address
    while (events.size() < lines / 50)
        events.push_back({static_cast<std::uint32_t>(random() % hour),
                          0x0B000000 + static_cast<std::uint32_t>(random() % 1'000'000)});
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.second < b.second; });
    Output out(path);
    std::size_t next = 0;
    const std::uint64_t plain = lines - std::min<std::uint64_t>(lines, events.size());
    const auto error = [&](const Event& event) {
        const auto who =
            event.v6 ? fmt::format("2001:db8:7:7::{:x}", event.address + 1) : address_text(event.address);
        out.line(web_line(who, event.second, "/wp-login.php", 404, 162));
    };
    for (std::uint64_t i = 0; i < plain; ++i) {
        const auto second = static_cast<std::uint32_t>(i * hour / plain);
        for (; next < events.size() && events[next].second <= second; ++next)
            error(events[next]);
        const auto who = 0x0A050000 + static_cast<std::uint32_t>(random() % 14'000);
        const bool decoy = i % 50 == 0;
        out.line(web_line(address_text(who), second,
                          decoy ? "/help/404?q=\\x22 404 \\x22" : "/articles/2026/garden", 200,
                          decoy ? 404 : 4040 + static_cast<unsigned>(i % 1000)));
    }
    for (; next < events.size(); ++next)
        error(events[next]);
    Output answer(path + ".truth");
    for (const auto& address : truth)
        answer.line(address);
}

/// Every line an error, from addresses drawn at random; the answer comes from counting each address
/// separately.
void write_flood(std::uint64_t lines, const std::string& path, std::uint32_t sources) {
    std::mt19937_64 random(2);
    Output out(path);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> seen;
    seen.reserve(lines);
    for (std::uint64_t i = 0; i < lines; ++i) {
        const auto second = static_cast<std::uint32_t>(i * hour / lines);
        // a few sources are hundreds of times busier than the others
        const auto pick = static_cast<std::uint32_t>(random() % (i % 20 == 0 ? 97 : sources));
        const auto address = 0x0B000000 + pick * 7;
        seen.emplace_back(address, second);
        out.line(web_line(address_text(address), second, "/wp-login.php", 404, 162));
    }
    std::sort(seen.begin(), seen.end());
    std::set<std::string> truth;
    for (std::size_t i = 49; i < seen.size(); ++i)
        if (seen[i].first == seen[i - 49].first && seen[i].second - seen[i - 49].second < 60)
            truth.insert(address_text(seen[i].first));
    Output answer(path + ".truth");
    for (const auto& address : truth)
        answer.line(address);
}

void write_tracked(std::uint64_t sources, const std::string& path) {
    Output out(path);
    std::set<std::string> truth;
    for (std::uint32_t i = 0; i < 60; ++i)
        for (std::uint32_t source = 0; source < sources; ++source)
            out.line(web_line(address_text(0x0C000000 + source), i / 2, "/wp-login.php", 404, 162));
    Output answer(path + ".truth");
    for (std::uint32_t source = 0; source < sources; ++source)
        answer.line(address_text(0x0C000000 + source));
}

std::string ssh_message(std::uint64_t i, std::uint32_t address, std::mt19937_64& random) {
    const auto who = address_text(address);
    const auto port = 1024 + random() % 60000;
    switch (i % 10) {
        case 0:
        case 1:
            return fmt::format("Failed password for root from {} port {} ssh2", who, port);
        case 2:
            return fmt::format("Invalid user admin{} from {} port {}", i % 100, who, port);
        case 3:
            return fmt::format("Failed password for invalid user admin{} from {} port {} ssh2", i % 100, who,
                               port);
        case 4:
            return fmt::format(
                "Failed password for invalid user x from 192.0.2.9 port 22 ssh2 from {} port {} ssh2", who,
                port);
        case 5:
            return fmt::format("Connection closed by authenticating user root {} port {} [preauth]", who,
                               port);
        case 6:
            return fmt::format(
                "Accepted publickey for deploy from 198.51.100.7 port {} ssh2: ED25519 "
                "SHA256:1Zc3vVYl0bS6dM5bC8pOq3jv0r9s7h6m2a4k8w1x5yE",
                port);
        case 7:
            return "pam_unix(sshd:session): session opened for user deploy(uid=1000) by (uid=0)";
        case 8:
            return fmt::format("Received disconnect from {} port {}:11: Bye Bye [preauth]", who, port);
        default:
            return "pam_unix(sshd:session): session closed for user deploy";
    }
}

void write_ssh(std::uint64_t lines, const std::string& path) {
    std::mt19937_64 random(3);
    Output out(path);
    for (std::uint64_t i = 0; i < lines; ++i) {
        const auto second = static_cast<std::uint32_t>(i * hour / lines);
        const auto address = 0x0D000000 + static_cast<std::uint32_t>(random() % 20'000);
        out.line(fmt::format("Nov 22 {:02}:{:02}:{:02} gate sshd[{}]: {}", start_hour + second / 3600,
                             second / 60 % 60, second % 60, 1000 + i / 4 % 30000,
                             ssh_message(i, address, random)));
    }
}

}  // namespace

int main(int argc, char** argv) try {
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    std::uint64_t count = 0;
    if (arguments.size() == 3)
        std::from_chars(arguments[1].data(), arguments[1].data() + arguments[1].size(), count);
    if (count == 0) {
        fmt::print(stderr, "bench_replay_generate mixed|flood|few|tracked|ssh COUNT FILE\n");
        return 2;
    }
    const std::string path(arguments[2]);
    if (arguments[0] == "mixed") write_mixed(count, path);
    if (arguments[0] == "flood") write_flood(count, path, 559'000);
    if (arguments[0] == "few") write_flood(count, path, 14'000);
    if (arguments[0] == "tracked") write_tracked(count, path);
    if (arguments[0] == "ssh") write_ssh(count, path);
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "bench_replay_generate: {}\n", error.what());
    return 1;
}
