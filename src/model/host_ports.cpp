#include "model/host_ports.hpp"

#include <array>

namespace garita {
namespace {

constexpr std::array<std::pair<HostAnswer, std::string_view>, 5> answers = {{
    {HostAnswer::none, "none"},
    {HostAnswer::heard, "heard"},
    {HostAnswer::silent, "silent"},
    {HostAnswer::unresolved, "unresolved"},
    {HostAnswer::unreachable, "unreachable"},
}};

void add(std::string& text, std::string_view sign, const PortSet& ports) {
    if (ports.empty()) return;
    text.append(text.empty() ? "" : " ").append(sign).append(ports.text());
}

enum class Keep { those_of, those_beside };

ServiceTexts kept(ServiceTexts texts, const ServiceTexts& other, Keep keep) {
    std::erase_if(texts,
                  [&](const auto& one) { return other.contains(one.first) == (keep == Keep::those_beside); });
    return texts;
}

ServiceTexts both(ServiceTexts texts, const ServiceTexts& more) {
    texts.insert(more.begin(), more.end());
    return texts;
}

}  // namespace

std::string_view to_text(HostAnswer answer) {
    for (const auto& [known, name] : answers)
        if (known == answer) return name;
    return "none";
}

std::optional<HostAnswer> parse_host_answer(std::string_view text) {
    for (const auto& [answer, name] : answers)
        if (name == text) return answer;
    return std::nullopt;
}

std::string PortDifference::words() const {
    std::string text;
    add(text, "-", missing);
    add(text, "+", unexpected);
    add(text, "-udp ", missing_udp);
    add(text, "+udp ", unexpected_udp);
    add(text, "~", ports_of(services));
    return text.empty() ? "as specified" : text;
}

std::string PortDifference::text() const {
    const auto ports =
        missing.text() + '/' + unexpected.text() + '/' + missing_udp.text() + '/' + unexpected_udp.text();
    return services.empty() ? ports : ports + '/' + to_text(services);
}

std::optional<PortDifference> PortDifference::parse(std::string_view text) {
    PortDifference read;
    std::array<PortSet*, 4> parts = {&read.missing, &read.unexpected, &read.missing_udp,
                                     &read.unexpected_udp};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto slash = text.find('/');
        if (slash == std::string_view::npos && i + 1 < parts.size()) return std::nullopt;
        auto ports = PortSet::parse(text.substr(0, slash));
        if (!ports) return std::nullopt;
        *parts.at(i) = std::move(*ports);
        if (slash == std::string_view::npos) return read;
        text.remove_prefix(slash + 1);
    }
    auto services = parse_service_texts(text);
    if (!services || services->empty()) return std::nullopt;
    read.services = std::move(*services);
    return read;
}

std::string PortDifference::joined(const PortSet& tcp, const PortSet& udp) {
    auto text = tcp.text();
    if (!udp.empty()) text += (text.empty() ? "udp " : ", udp ") + udp.text();
    return text;
}

PortDifference PortDifference::operator|(const PortDifference& other) const {
    return {missing | other.missing, unexpected | other.unexpected, missing_udp | other.missing_udp,
            unexpected_udp | other.unexpected_udp, both(services, other.services)};
}

PortDifference PortDifference::operator&(const PortDifference& other) const {
    return {missing & other.missing, unexpected & other.unexpected, missing_udp & other.missing_udp,
            unexpected_udp & other.unexpected_udp, kept(services, other.services, Keep::those_of)};
}

PortDifference PortDifference::operator-(const PortDifference& other) const {
    return {missing - other.missing, unexpected - other.unexpected, missing_udp - other.missing_udp,
            unexpected_udp - other.unexpected_udp, kept(services, other.services, Keep::those_beside)};
}

}  // namespace garita
