#include "adapters/telegram/access_commands.hpp"

#include <algorithm>
#include <array>

#include "decide/foreign_text.hpp"

namespace garita::telegram {

namespace {

constexpr std::array<std::string_view, 4> names = {"access", "approve", "kill", "report"};
constexpr std::size_t listed = 20;
constexpr std::size_t longest_words = 256;

/// One or more texts of the catalogue, a space between.
std::string texts(std::string_view words, const Facts& facts, const decide::Reader& reader) {
    std::string all;
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (end > 0) all += (all.empty() ? "" : " ") + reader.text(words.substr(0, end), facts);
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return all;
}

std::string told(const Result<access::Answer>& answer, const decide::Reader& reader) {
    if (!answer) return answer.error().text;
    return texts(answer->words, answer->facts, reader);
}

access::Petition petition_of(const Person& person) {
    access::Petition petition;
    petition.actor = decide::actor_of(person, channel_name);
    if (!person.mail.empty()) petition.mail = person.mail.front();
    petition.language = person.language;
    return petition;
}

/// "A17 · 00:11:22:33:44:55 · waiting · sw1 GigabitEthernet1/0/3 · ana"
std::string line_of(const AccessRequest& request, const decide::Reader& reader) {
    std::string line = request.tracking() + " · " + request.mac.text() + " · " +
                       reader.text("telegram.access_" + std::string(to_text(request.state)));
    if (!request.switch_name.empty()) line += " · " + request.switch_name + ' ' + request.port;
    return line + " · " + decide::clean_line(request.approver);
}

}  // namespace

bool AccessCommands::knows(std::string_view name) const {
    return door_.desk != nullptr && std::find(names.begin(), names.end(), name) != names.end();
}

std::string AccessCommands::answer(std::string_view name, std::string_view words, const Person& person,
                                   const decide::Reader& reader, Time now) const {
    if (name == "access") return words.empty() ? list(reader) : show(words, reader);
    if (name == "approve") return approve(words, person, reader, now);
    if (name == "kill") return kill(words, person, reader, now);
    return told(door_.desk->report(petition_of(person), now), reader);
}

std::string AccessCommands::list(const decide::Reader& reader) const {
    std::vector<AccessRequest> open;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        store::AccessQuery query;
        query.states = {AccessState::confirming, AccessState::waiting, AccessState::working};
        query.limit = listed + 1;
        open = door_.book->requests(view, query);
        return {};
    });
    if (!read) return read.error().text;
    if (open.empty()) return reader.text("telegram.access_none");
    auto text = reader.text("telegram.access_head");
    for (std::size_t i = 0; i < open.size() && i < listed; ++i)
        text += '\n' + line_of(open[i], reader);
    if (open.size() > listed) text += '\n' + reader.text("telegram.access_more");
    return text;
}

std::string AccessCommands::show(std::string_view id, const decide::Reader& reader) const {
    const auto number = parse_tracking(id);
    if (!number) return reader.text("telegram.usage", {{"example", "/access A17"}});
    std::optional<AccessRequest> found;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        found = door_.book->find(view, *number);
        return {};
    });
    if (!read) return read.error().text;
    if (!found)
        return reader.text("access.answer.no_such_request", {{"id", "A" + std::to_string(number->value)}});
    auto text = line_of(*found, reader);
    if (!found->outcome.empty()) text += '\n' + texts(found->outcome, found->facts, reader);
    return text;
}

std::string AccessCommands::approve(std::string_view words, const Person& person,
                                    const decide::Reader& reader, Time now) const {
    if (words.empty()) return reader.text("telegram.usage", {{"example", "/approve aabb.ccdd.eeff"}});
    // said to be one: digits alone are no telephone number here
    const auto text = "MAC " + std::string(words.substr(0, longest_words));
    return told(door_.desk->approve(petition_of(person), text, access::AccessDesk::Confirm::no, now), reader);
}

std::string AccessCommands::kill(std::string_view id, const Person& person, const decide::Reader& reader,
                                 Time now) const {
    const auto number = parse_tracking(id);
    if (!number) return reader.text("telegram.usage", {{"example", "/kill A17"}});
    return told(door_.desk->kill(petition_of(person), *number, now), reader);
}

}  // namespace garita::telegram
