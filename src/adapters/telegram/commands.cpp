#include "adapters/telegram/commands.hpp"

#include <array>
#include <charconv>

#include "adapters/telegram/incident_list.hpp"
#include "decide/foreign_text.hpp"

namespace garita::telegram {

namespace {

constexpr std::size_t cases_listed = 20;

struct Typed {
    std::string_view name;
    Response response;
};
constexpr std::array<Typed, 22> answers = {{{"allow", Response::allow},
                                            {"nothing", Response::nothing},
                                            {"close", Response::close_connection},
                                            {"close_connection", Response::close_connection},
                                            {"block", Response::block},
                                            {"reboot", Response::reboot},
                                            {"poweroff", Response::power_off},
                                            {"resume", Response::resume},
                                            {"keep", Response::keep_observing},
                                            {"keep_observing", Response::keep_observing},
                                            {"undo", Response::undo},
                                            {"accept", Response::accept},
                                            {"mute", Response::mute},
                                            {"keep_problem", Response::keep},
                                            {"confirm", Response::confirm},
                                            {"refresh", Response::refresh},
                                            {"approve", Response::approve},
                                            {"dismiss", Response::dismiss},
                                            {"start_work", Response::start_work},
                                            {"resolve", Response::resolve},
                                            {"take", Response::acknowledge},
                                            {"ack", Response::acknowledge}}};

std::optional<CaseId> case_number(std::string_view text) {
    std::int64_t id = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, id);
    if (text.empty() || error != std::errc{} || stopped != end || id <= 0) return std::nullopt;
    return CaseId{id};
}

/// "/approve 12" answers a case, "/approve 0011.2233.4455" lets a device in.
bool is_answer(Response response, const Command& command) {
    constexpr std::size_t digits_of_a_mac = 12;
    return response != Response::approve ||
           (command.case_number.size() < digits_of_a_mac && case_number(command.case_number));
}

}  // namespace

Commands::Commands(Gatekeeper& gatekeeper, store::Store& store, const ChatBook& chats, AccessDoor access,
                   AdminDoor admin)
    : gatekeeper_(gatekeeper),
      store_(store),
      chats_(chats),
      access_(access, store),
      admin_(std::move(admin), gatekeeper, store, chats) {}

std::optional<Person> Commands::writer_of(const TextMessage& message) const {
    return message.from && !message.from_chat ? gatekeeper_.find(*message.from) : std::nullopt;
}

bool Commands::is_answered(const TextMessage& message, const std::optional<Person>& person) const {
    if (gatekeeper_.is_unheard(message.from.value_or(User{}), message.chat)) return false;
    // a bot can be put into any chat by anybody: elsewhere it has nothing to say
    return chats_.serves(message.chat) || (message.is_private && person);
}

std::string Commands::answer(const TextMessage& message, Time now) {
    const auto command = parse_command(message.text);
    if (!command || gatekeeper_.is_unheard(message.from.value_or(User{}), message.chat)) return {};
    const auto person = writer_of(message);
    const auto reader = gatekeeper_.reader_for(person, message.chat);
    if (command->name == "start") return start(message, reader, now);
    if (!is_answered(message, person)) return {};
    if (admin_.knows(*command)) return admin_.answer(message, *command, now);
    for (const auto& typed : answers)
        if (typed.name == command->name && is_answer(typed.response, *command))
            return decide(message, *command, typed.response, reader, now);
    if (command->name == "code") return gatekeeper_.code(message, command->case_number, now);
    if (command->name == "help") return help(person, reader);
    const bool about_access = access_.knows(command->name);
    if (about_access && !person) return gatekeeper_.stranger(message, "access", now);
    if (about_access) return access_.answer(command->name, command->words, *person, reader, now);
    return about_cases(message, *command, person, reader);
}

std::string Commands::about_cases(const TextMessage& message, const Command& command,
                                  const std::optional<Person>& person, const decide::Reader& reader) {
    const auto tapped = tapped_case(command.name);
    if (tapped && person) return show_tapped(message, *tapped, reader);
    if (!tapped && command.name != "cases" && command.name != "case")
        return message.is_private ? reader.text("telegram.unknown_command") : std::string();
    if (!person)
        return reader.text("telegram.unknown_person",
                           {{"id", message.from ? std::to_string(message.from->id) : "?"}});
    return command.name == "cases" ? list(reader) : show(command, reader);
}

std::string Commands::show_tapped(const TextMessage& message, CaseId id, const decide::Reader& reader) {
    bool is_asked = false;
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        is_asked = ask_by_itself(transaction, id, {message.chat, message.thread});
        return {};
    });
    if (!written) return reader.text("telegram.not_stored");
    return is_asked ? std::string() : show(id, reader);
}

bool Commands::is_ping(const TextMessage& message) const {
    const auto command = parse_command(message.text);
    return command && command->name == "ping" && is_answered(message, writer_of(message));
}

std::string Commands::pong(const TextMessage& message) const {
    return gatekeeper_.reader_for(writer_of(message), message.chat).text("telegram.pong");
}

std::string Commands::start(const TextMessage& message, const decide::Reader& reader, Time now) {
    auto text = reader.text(
        "telegram.start",
        {{"chat", std::to_string(message.chat)},
         {"user", message.from && !message.from_chat ? std::to_string(message.from->id) : std::string("-")}});
    if (message.thread)
        text += '\n' + reader.text("telegram.start_topic", {{"thread", std::to_string(*message.thread)}});
    if (chats_.serves(message.chat)) return text + '\n' + reader.text("telegram.start_known");
    text += '\n' + reader.text("telegram.start_unknown");
    if (admin_.asks(message, now)) text += '\n' + reader.text("telegram.start_asked");
    return text;
}

std::string Commands::help(const std::optional<Person>& person, const decide::Reader& reader) const {
    auto text = reader.text("telegram.help");
    if (access_.knows("access")) text += '\n' + reader.text("telegram.help_access");
    text += '\n' + reader.text("telegram.help_ping");
    if (person && person->role >= Role::administrator && admin_.is_there())
        text += '\n' + reader.text("telegram.help_admin");
    return text;
}

std::string Commands::list(const decide::Reader& reader) const {
    std::vector<Case> open;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        store::CaseQuery query;
        query.states = {CaseState::open};
        query.limit = cases_listed + 1;
        open = view.cases(query);
        return {};
    });
    if (!read) return read.error().text;
    if (open.empty()) return reader.text("telegram.cases_none");
    auto text = reader.text("telegram.cases_head");
    for (std::size_t i = 0; i < open.size() && i < cases_listed; ++i)
        text += '\n' + decide::case_line(open[i], reader);
    if (open.size() > cases_listed) text += '\n' + reader.text("telegram.cases_more");
    return text;
}

std::string Commands::show(const Command& command, const decide::Reader& reader) const {
    const auto id = case_number(command.case_number);
    return id ? show(*id, reader) : reader.text("telegram.usage", {{"example", "/case 12"}});
}

std::string Commands::show(CaseId id, const decide::Reader& reader) const {
    std::optional<Case> about;
    Progress progress;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        about = view.find_case(id);
        if (about) progress = view.progress(id);
        return {};
    });
    if (!read) return read.error().text;
    if (!about) return reader.text("telegram.no_such_case", {{"id", std::to_string(id.value)}});
    return decide::plain_text(*about, progress, reader);
}

std::string Commands::decide(const TextMessage& message, const Command& command, Response response,
                             const decide::Reader& reader, Time now) {
    const auto id = case_number(command.case_number);
    const auto lasts = block_span(command.span);
    const bool lasting =
        response == Response::block || response == Response::mute || response == Response::acknowledge;
    if (!id || !command.rest.empty() || (!command.span.empty() && !(lasting && lasts)))
        return reader.text("telegram.usage",
                           {{"example", '/' + command.name + (lasting ? " 12 24h" : " 12")}});
    return '#' + std::to_string(id->value) + ' ' + gatekeeper_.typed(message, *id, response, lasts, now);
}

}  // namespace garita::telegram
