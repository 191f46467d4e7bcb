#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "load.hpp"

namespace {

std::string read_all(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string statuses_text(const garita::load::Outcome& outcome, const char* quote) {
    std::string text;
    for (const auto& [status, count] : outcome.statuses) {
        text += fmt::format("{0}{1}{2}{1}: {3}", text.empty() ? "" : ", ", quote, status, count);
    }
    return text;
}

void print(const garita::load::Outcome& outcome, const char* form) {
    fmt::print(fmt::runtime(form), fmt::arg("requests", outcome.latencies_us.size()),
               fmt::arg("seconds", outcome.elapsed.count()), fmt::arg("rate", outcome.rate()),
               fmt::arg("p50", outcome.percentile_us(50)), fmt::arg("p99", outcome.percentile_us(99)),
               fmt::arg("max", outcome.percentile_us(100)), fmt::arg("broken", outcome.broken),
               fmt::arg("statuses", statuses_text(outcome, form[0] == '{' ? "\"" : "")));
}

constexpr const char* as_json =
    "{{\"requests\": {requests}, \"seconds\": {seconds:.3f}, \"rate\": {rate:.1f}, \"p50_us\": {p50}, "
    "\"p99_us\": {p99}, \"max_us\": {max}, \"broken\": {broken}, \"statuses\": {{{statuses}}}}}\n";
constexpr const char* as_text =
    "{requests} requests in {seconds:.2f} s: {rate:.0f}/s, p50 {p50} us, p99 {p99} us, max {max} us; "
    "status {statuses}; {broken} broken\n";

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app("Load on an HTTP/1.1 server: keep-alive connections, one request at a time on each.",
                 "garita-load");
    garita::load::Plan plan;
    std::string body_file;
    bool json = false;
    app.add_option("--url", plan.url, "http(s)://host:port/path; the certificate is not verified")
        ->required();
    app.add_option("--unix", plan.unix_socket, "connect to this socket instead of the URL's host");
    app.add_option("--method", plan.method, "the request's method")->capture_default_str();
    app.add_option("--connections,-c", plan.connections, "how many at once")->capture_default_str();
    app.add_option("--requests,-n", plan.requests, "how many in all")->capture_default_str();
    app.add_option("--first", plan.first, "the first number put for {n}")->capture_default_str();
    app.add_option("--header,-H", plan.headers, "\"Name: value\"; {n} is replaced");
    app.add_option("--body", plan.body, "text of the body; {n} is replaced by the request's number");
    app.add_option("--body-file", body_file, "file with the body")->check(CLI::ExistingFile);
    app.add_flag("--json", json, "print one JSON object");
    try {
        app.parse(argc, argv);
        if (!body_file.empty()) plan.body = read_all(body_file);
        const auto outcome = garita::load::run(plan);
        print(outcome, json ? as_json : as_text);
        return outcome.all_succeeded() ? 0 : 1;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        fmt::print(stderr, "garita-load: {}\n", error.what());
        return 1;
    }
}
