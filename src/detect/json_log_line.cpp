#include "detect/json_log_line.hpp"

#include <algorithm>

#include "detect/json_cursor.hpp"

namespace garita::detect {
namespace {

constexpr std::size_t max_path = 128;

}  // namespace

struct JsonLogReader::Found {
    std::array<std::string_view, Field::fields> value{};
    std::array<std::size_t, Field::fields> rank{none, none, none, none};
    static constexpr std::size_t none = ~std::size_t{0};

    /// False for a member that was there before.
    bool take(const Wanted& wanted, std::string_view text) {
        if (rank[wanted.field] == wanted.rank) return false;
        if (wanted.rank > rank[wanted.field]) return true;
        rank[wanted.field] = wanted.rank;
        value[wanted.field] = text.find('\\') == std::string_view::npos ? text : std::string_view{};
        return true;
    }
};

JsonLogReader::JsonLogReader(const JsonLogKeys& keys) {
    const auto add = [this](const std::vector<std::string>& paths, Field field) {
        for (std::size_t rank = 0; rank < paths.size(); ++rank)
            wanted_.push_back({paths[rank], field, rank});
    };
    add(keys.address, address);
    add(keys.status, status);
    add(keys.time, time);
    add(keys.forwarded_for, forwarded_for);
}

const JsonLogReader::Wanted* JsonLogReader::wanted_at(std::string_view path) const {
    const auto it =
        std::find_if(wanted_.begin(), wanted_.end(), [&](const Wanted& w) { return w.path == path; });
    return it == wanted_.end() ? nullptr : &*it;
}

bool JsonLogReader::wanted_below(std::string_view path) const {
    return std::any_of(wanted_.begin(), wanted_.end(), [&](const Wanted& w) {
        return w.path.size() > path.size() && w.path[path.size()] == '.' &&
               w.path.compare(0, path.size(), path) == 0;
    });
}

std::optional<JsonLogFields> JsonLogReader::read(std::string_view line) const {
    JsonCursor cursor(line);
    Found found;
    std::string path;
    if (!read_object(cursor, path, found) || !cursor.at_end()) return std::nullopt;
    return JsonLogFields{found.value[address], found.value[status], found.value[time],
                         found.value[forwarded_for]};
}

bool JsonLogReader::read_object(JsonCursor& cursor, std::string& path, Found& found) const {
    if (!cursor.eat('{')) return false;
    if (cursor.eat('}')) return true;
    do {
        if (!read_member(cursor, path, found)) return false;
    } while (cursor.eat(','));
    return cursor.eat('}');
}

// Goes into an object only where a wanted path leads, so the depth of calls is that of the longest wanted
// path.
bool JsonLogReader::read_member(JsonCursor& cursor, std::string& path, Found& found) const {
    std::string_view name;
    if (!cursor.string(name) || !cursor.eat(':')) return false;
    if (path.size() + name.size() > max_path) return cursor.skip();
    const auto parent = path.size();
    path.append(parent == 0 ? "" : ".").append(name);
    bool good = false;
    if (const auto* wanted = wanted_at(path))
        good = read_value(cursor, *wanted, found);
    else if (cursor.next_is('{') && wanted_below(path))
        good = read_object(cursor, path, found);
    else
        good = cursor.skip();
    path.resize(parent);
    return good;
}

bool JsonLogReader::read_value(JsonCursor& cursor, const Wanted& wanted, Found& found) {
    std::string_view text;
    if (cursor.next_is('"')) return cursor.string(text) && found.take(wanted, text);
    if (cursor.next_is('{')) return cursor.skip();
    if (!cursor.next_is('[')) return cursor.bare(text) && found.take(wanted, text);
    // Caddy's headers are lists; only a list of one string says something clear
    if (!cursor.eat('[')) return false;
    if (cursor.next_is('"')) {
        if (!cursor.string(text) || !found.take(wanted, cursor.next_is(']') ? text : std::string_view{}))
            return false;
        while (cursor.eat(','))
            if (!cursor.skip()) return false;
    }
    return cursor.eat(']');
}

}  // namespace garita::detect
