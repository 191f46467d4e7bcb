#include "programs/siem_import/siem_bot_import.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "model/foreign_text.hpp"
#include "model/time.hpp"
#include "programs/siem_import/python_settings.hpp"
#include "runtime/config/values.hpp"
#include "runtime/http/target.hpp"

namespace garita::programs {

namespace {

/// What has no counterpart, and why nobody misses it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> without_counterpart = {{
    {"dbFileName", "is needed here only for --database"},
    {"tg_updates_timeout", "has no counterpart: Telegram is asked all the time, beside the SIEM"},
    {"default_header", "has no counterpart"},
}};
constexpr std::array<std::string_view, 12> known = {
    "pause_time", "time_zone",    "username",      "password",     "client_id",        "client_secret",
    "base_url",   "tg_bot_token", "admin_chat_id", "ping_sticker", "max_events_count", "max_event_count"};

/// As YAML takes any text: in double quotes.
std::string in_quotes(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out.append("\\").append(1, c);
        else if (byte < 0x20 || byte == 0x7f)
            out.append("\\x").append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
        else
            out += c;
    }
    return out + '"';
}

/// Python itself takes no other file; what is no text would end as something else in the configuration.
Result<void> check_text(std::string_view text, const std::string& file) {
    int line = 1;
    while (!text.empty()) {
        const auto character = first_character(text);
        if (!character.valid || character.code == 0)
            return fail(ErrorCode::invalid, file + ':' + std::to_string(line) + ": is not UTF-8" +
                                                (character.valid ? " text: it has a NUL" : "") +
                                                "; is it the bot's settings.py? Save it as UTF-8");
        if (character.code == '\n') ++line;
        text.remove_prefix(character.bytes);
    }
    return {};
}

class SiemBotImport {
  public:
    SiemBotImport(const PythonSettings& settings, const std::string& file,
                  const std::optional<SiemBotMemory>& memory, const std::filesystem::path& folder)
        : settings_(settings), file_(file), memory_(memory), folder_(folder) {}

    Result<ImportedSiemBot> run() {
        zone();
        people();
        telegram();
        siem();
        others();
        if (!problems_.empty()) return fail(ErrorCode::invalid, problems_);
        return std::move(made_);
    }

  private:
    [[nodiscard]] std::string place(int line) const {
        return file_ + (line > 0 ? ":" + std::to_string(line) : std::string()) + ": ";
    }
    void complain(int line, const std::string& what) {
        problems_ += (problems_.empty() ? "" : "\n") + place(line) + what;
    }
    void note(int line, const std::string& what) { made_.notes.push_back(place(line) + what); }
    void add(int depth, std::string_view line) {
        made_.text.append(2 * static_cast<std::size_t>(depth), ' ').append(line).append("\n");
    }

    /// Null: it is not there, or is no text.
    const std::string* text(std::string_view name) {
        const auto* const setting = settings_.find(name);
        if (setting == nullptr) return nullptr;
        const auto* const value = std::get_if<std::string>(&setting->value);
        if (value == nullptr) complain(setting->line, std::string(name) + " is no text");
        return value != nullptr && !value->empty() ? value : nullptr;
    }
    std::optional<std::int64_t> number(std::string_view name) {
        const auto* const setting = settings_.find(name);
        if (setting == nullptr) return std::nullopt;
        const auto* const value = std::get_if<double>(&setting->value);
        if (value != nullptr && std::abs(*value) < 9e15) return std::llround(*value);
        // ids and counts stand in quotes here and there
        const auto* const written = std::get_if<std::string>(&setting->value);
        const auto read = written == nullptr ? std::nullopt : runtime::parse_integer(*written);
        if (!read) complain(setting->line, std::string(name) + " is no number");
        return read;
    }
    [[nodiscard]] int line_of(std::string_view name) const {
        const auto* const setting = settings_.find(name);
        return setting == nullptr ? 0 : setting->line;
    }
    void add_secret(int depth, const std::string& key, const std::string& name, std::string value) {
        const auto file = folder_ / name;
        add(depth, key + ": { file: " + in_quotes(file.string()) + " }");
        made_.secrets.push_back({file, runtime::Secret(std::move(value))});
    }

    void zone() {
        hours_ = number("time_zone").value_or(0);
        if (hours_ == 0) return;
        const auto* const exact = std::get_if<double>(&settings_.find("time_zone")->value);
        if (std::abs(hours_) > 14 || (exact != nullptr && *exact != static_cast<double>(hours_)))
            return note(line_of("time_zone"),
                        "time_zone is no whole number of hours up to 14: put the zone's name into "
                        "hub.time_zone");
        add(0, "hub:");
        // Etc's signs are those of POSIX: west of Greenwich counts
        add(1, "time_zone: Etc/GMT" + std::string(hours_ > 0 ? "-" : "+") + std::to_string(std::abs(hours_)));
        note(line_of("time_zone"),
             "time_zone: a zone with a name, such as Europe/Moscow, knows of changes too");
    }

    void people() {
        const auto admin = number("admin_chat_id");
        if (!admin)
            return complain(line_of("admin_chat_id"),
                            "admin_chat_id is missing: somebody has to govern the bot");
        if (*admin <= 0)
            return complain(line_of("admin_chat_id"),
                            "admin_chat_id is a group; here an administrator is a person: put a person's id "
                            "there, and the group among the allowed ones");
        admin_ = *admin;
        add(0, "people:");
        add(1, "admin: { role: administrator, telegram: " + std::to_string(*admin) + ", language: ru }");
        note(line_of("admin_chat_id"),
             "in the bot whoever stood in its list of chats could press the buttons; here people may who "
             "stand "
             "under `people` with role operator, each with a telegram id");
    }

    void telegram() {
        const auto* const token = text("tg_bot_token");
        add(0, "telegram:");
        if (token == nullptr)
            complain(line_of("tg_bot_token"), "tg_bot_token is missing");
        else
            add_secret(1, "token", "telegram.token", *token);
        if (const auto* const ping = text("ping_sticker")) add(1, "ping: " + in_quotes(*ping));
        add_chats();
        add_banned();
    }
    void add_chats() {
        std::vector<std::int64_t> chats = memory_ ? memory_->allowed : std::vector<std::int64_t>();
        chats.push_back(admin_);
        std::sort(chats.begin(), chats.end());
        chats.erase(std::unique(chats.begin(), chats.end()), chats.end());
        if (memory_)
            std::erase_if(chats, [&](std::int64_t chat) {
                const bool is_denied = chat != admin_ && contains(memory_->denied, chat);
                if (is_denied)
                    note(0, std::to_string(chat) + " was allowed and denied at a time; it is banned here");
                return is_denied;
            });
        add(1, "chats:");
        for (const auto chat : chats)
            add(2, "- { id: " + std::to_string(chat) + ", language: ru }");
    }
    void add_banned() {
        if (!memory_ || memory_->denied.empty()) return;
        std::string ids;
        for (const auto id : memory_->denied)
            if (id == admin_)
                note(0, "the administrator was denied; that has no effect here");
            else
                ids += (ids.empty() ? "" : ", ") + std::to_string(id);
        if (!ids.empty()) add(1, "banned: [" + ids + "]");
    }

    void siem() {
        const auto* const url = text("base_url");
        if (url == nullptr) complain(line_of("base_url"), "base_url is missing");
        auto bare = url == nullptr ? std::string() : *url;
        while (bare.ends_with('/'))
            bare.pop_back();
        add(0, "sources:");
        add(1, "maxpatrol:");
        add(2, "siem:");
        add(3, "url: " + in_quotes(bare));
        note(line_of("base_url"),
             "the bot did not verify the SIEM's certificate; Garita does: put `ca: FILE` or `pin:` beside "
             "the url");
        login();
        bounded("pause_time", "interval", 1, 3600, "s");
        bounded(settings_.find("max_events_count") != nullptr ? "max_events_count" : "max_event_count",
                "max_events", 0, 40, "");
        begin();
    }
    void bounded(std::string_view theirs, const std::string& ours, std::int64_t least, std::int64_t most,
                 const std::string& unit) {
        const auto wanted = number(theirs);
        if (!wanted) return;
        const auto taken = std::clamp(*wanted, least, most);
        add(3, ours + ": " + std::to_string(taken) + unit);
        if (taken != *wanted)
            note(line_of(theirs), std::string(theirs) + " is " + std::to_string(taken) +
                                      " here, which is the " + (taken == least ? "least" : "most"));
    }
    void login() {
        const auto* const user = text("username");
        const auto* const password = text("password");
        if (user == nullptr || password == nullptr)
            complain(line_of(user == nullptr ? "username" : "password"), "username and password go together");
        else {
            add(3, "user: " + in_quotes(*user));
            // the bot put it into a form as it stood
            const auto plain = runtime::http::percent_decode(*password, runtime::http::Plus::space);
            add_secret(3, "password", "siem.password", plain.value_or(*password));
        }
        if (const auto* const client = text("client_id")) add(3, "client_id: " + in_quotes(*client));
        if (const auto* const secret = text("client_secret"))
            add_secret(3, "client_secret", "siem.client", *secret);
        else
            complain(line_of("client_secret"), "client_secret is missing");
    }
    /// The time of the newest incident that was told. With a Z it is the SIEM's own; without one the bot made
    /// it of its clock, before the first incident of all.
    void begin() {
        if (!memory_) return;
        if (memory_->last_incident_time.empty())
            return note(0, "the database has no last_incident_time: incidents begin a day ago");
        auto written = memory_->last_incident_time;
        const bool is_utc = written.ends_with('Z');
        if (const auto blank = written.find(' '); blank != std::string::npos) written[blank] = 'T';
        const auto read = parse_utc(is_utc ? written : written + 'Z');
        if (!read)
            return complain(0, "last_incident_time " + in_quotes(memory_->last_incident_time) +
                                   " in the database is no time");
        // nothing was told yet where it has no zone, so the earlier one of what bot and SIEM took it for
        const auto east = std::max<std::int64_t>(hours_, 0);
        add(3, "begin: " + to_iso8601(is_utc ? *read : *read - std::chrono::hours(east)));
    }

    void others() {
        for (const auto& [name, why] : without_counterpart)
            if (settings_.find(name) != nullptr)
                note(line_of(name), std::string(name) + " " + std::string(why));
        for (const auto& one : settings_.all) {
            const bool is_known = contains(known, one.name) ||
                                  std::any_of(without_counterpart.begin(), without_counterpart.end(),
                                              [&](const auto& other) { return other.first == one.name; });
            if (!is_known) note(one.line, in_quotes(one.name.substr(0, 60)) + " is not known, and left out");
        }
        for (const int line : settings_.not_understood)
            note(line, "is no assignment of a plain value; if it sets something, it was left out");
        if (!memory_)
            note(0, "without --database nothing is known of the chats, and incidents begin a day ago");
    }

    template <typename List, typename Value>
    static bool contains(const List& list, const Value& value) {
        return std::find(list.begin(), list.end(), value) != list.end();
    }

    const PythonSettings& settings_;
    const std::string& file_;
    const std::optional<SiemBotMemory>& memory_;
    const std::filesystem::path& folder_;
    std::int64_t hours_ = 0;
    std::int64_t admin_ = 0;
    ImportedSiemBot made_;
    std::string problems_;
};

}  // namespace

Result<ImportedSiemBot> import_siem_bot(std::string_view settings, const std::string& file,
                                        const std::optional<SiemBotMemory>& memory,
                                        const std::filesystem::path& folder) {
    if (const auto fine = check_text(settings, file); !fine) return tl::unexpected(fine.error());
    const auto read = read_python_settings(settings);
    return SiemBotImport(read, file, memory, folder).run();
}

}  // namespace garita::programs
