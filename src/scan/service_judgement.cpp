#include "scan/service_judgement.hpp"

#include <algorithm>
#include <chrono>

#include "model/foreign_text.hpp"

namespace garita::scan {
namespace {

constexpr std::size_t longest_line = 200;
constexpr std::size_t longest_part = 100;
constexpr std::size_t most_names_shown = 8;

void question_mark(std::string& out, const Character&, std::string_view) {
    out += '?';
}

void star(std::string& out, std::size_t) {
    out += '*';
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

std::string part(std::string_view foreign) {
    return clean_text(foreign, {Cleaning::Measure::bytes, longest_part, 1, question_mark, star});
}

std::string date(Time at) {
    return to_iso8601(std::chrono::floor<std::chrono::seconds>(at)).substr(0, 10);
}

/// Without alternative names: the common name, as older programs take it.
std::vector<std::string> names_of(const Certificate& certificate) {
    if (!certificate.names.empty()) return certificate.names;
    constexpr std::string_view common = "CN=";
    const auto at = certificate.subject.find(common);
    if (at == std::string::npos || (at > 0 && certificate.subject[at - 1] != ',')) return {};
    const auto begin = at + common.size();
    return {certificate.subject.substr(begin, certificate.subject.find(',', begin) - begin)};
}

std::string words_of(const Certificate& certificate) {
    std::string text = "certificate " + part(certificate.subject) + ", by " + part(certificate.issuer);
    const auto names = names_of(certificate);
    for (std::size_t i = 0; i < std::min(names.size(), most_names_shown); ++i)
        text += (i == 0 ? ", for " : " ") + part(names[i]);
    if (names.size() > most_names_shown) text += " ...";
    return text + ", until " + date(certificate.not_after) + ", sha256 " + certificate.sha256;
}

bool is_as_expected(const ExpectedCertificate& expected, const Certificate& certificate) {
    if (!expected.sha256.empty()) return expected.sha256 == certificate.sha256;
    const auto names = names_of(certificate);
    const auto is_there = [&](const std::string& wanted) {
        return std::any_of(names.begin(), names.end(),
                           [&](const std::string& name) { return matches_glob(wanted, lower(name)); });
    };
    return std::all_of(expected.names.begin(), expected.names.end(), is_there) &&
           (expected.issuer.empty() || matches_glob(expected.issuer, certificate.issuer));
}

std::string otherwise_of(const ExpectedCertificate& expected, const Certificate& certificate, Time now) {
    if (expected.may_end == certificate.sha256) return {};  // it was as expected when people said so
    if (!is_as_expected(expected, certificate)) return std::string(found_certificate) + certificate.sha256;
    const bool is_valid = certificate.not_before <= now && now < certificate.not_after;
    if (!is_valid) return std::string(found_ended) + certificate.sha256;
    const bool ends = certificate.not_after < now + std::chrono::days{expected.valid_days};
    return ends ? std::string(found_ending) + certificate.sha256 : std::string();
}

ServiceFinding judge_certificate(const ExpectedCertificate& expected, const ServiceFacts& facts, Time now) {
    if (facts.certificate && !facts.certificate->sha256.empty())
        return {true, words_of(*facts.certificate), otherwise_of(expected, *facts.certificate, now)};
    if (facts.plain.empty()) return {};
    const auto line = banner_line(facts.plain);
    return {true, "no TLS, but " + line, std::string(found_plain) + line};
}

}  // namespace

std::string banner_line(std::string_view banner) {
    std::string line(banner.substr(0, banner.find('\n')));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
        line.pop_back();
    std::replace(line.begin(), line.end(), '*', '?');
    return clean_text(line, {Cleaning::Measure::bytes, longest_line, 1, question_mark, star});
}

ServiceFinding judge_service(const ExpectedService& expected, const ServiceFacts& facts, Time now) {
    if (expected.certificate) return judge_certificate(*expected.certificate, facts, now);
    const auto line = banner_line(facts.banner);
    if (facts.banner.empty()) return {};
    const bool fits = matches_glob(expected.banner, line);
    return {true, "banner " + line, fits ? std::string() : std::string(found_banner) + line};
}

}  // namespace garita::scan
