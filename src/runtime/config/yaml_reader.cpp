#include "runtime/config/yaml_reader.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "model/foreign_text.hpp"
#include "runtime/log/log.hpp"

namespace garita::runtime {

namespace {

constexpr std::size_t deepest = 12;
constexpr std::size_t most_nodes = 200000;

/// Ends the reading; never leaves this file.
struct Refused {
    Position position;
    std::string what;
};

/// Turns the library's marks (from 0, in bytes) into places as an editor shows them.
class Lines {
  public:
    explicit Lines(std::string_view text) : text_(text), starts_{0} {
        for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
            starts_.push_back(at + 1);
    }
    [[nodiscard]] Position place(std::size_t line, std::size_t column) const {
        if (line >= starts_.size()) return {line + 1, column + 1};
        const std::string_view before = text_.substr(starts_[line], column);
        const auto follows = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
        const auto more = static_cast<std::size_t>(std::count_if(before.begin(), before.end(), follows));
        return {line + 1, column + 1 - more};
    }
    [[nodiscard]] Position place(const YAML::Mark& mark) const {
        if (mark.is_null()) return {};
        return place(static_cast<std::size_t>(mark.line), static_cast<std::size_t>(mark.column));
    }
    [[nodiscard]] Position place_of_byte(std::size_t offset) const {
        const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
        const auto line = static_cast<std::size_t>(next - starts_.begin()) - 1;
        return place(line, offset - starts_[line]);
    }

  private:
    std::string_view text_;
    std::vector<std::size_t> starts_;
};

class TreeBuilder : public YAML::EventHandler {
  public:
    TreeBuilder(const Lines& lines, YamlTree& tree) : lines_(lines), tree_(tree) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ > 0) throw Refused{lines_.place(mark), "a second document begins; a file holds one"};
    }
    void OnDocumentEnd() override {}
    void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
        throw Refused{lines_.place(mark), "the anchor &" + escape_foreign(name, 64) +
                                              " is not taken: write the value where it is needed"};
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        throw Refused{lines_.place(mark), "an alias is not taken: write the value where it is needed"};
    }
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        leaf(mark, "", anchor, Node::Kind::nothing, "");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        leaf(mark, tag, anchor, Node::Kind::scalar, value);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open(mark, tag, anchor, Node::Kind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open(mark, tag, anchor, Node::Kind::map);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Level {
        Node node;
        std::optional<Node::Entry> entry;  ///< of a map: its key is read, its value comes next
    };

    [[nodiscard]] Node make(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                            Node::Kind kind) {
        Node node;
        node.kind = kind;
        node.position = lines_.place(mark);
        if (anchor != 0)
            throw Refused{node.position, "an anchor is not taken: write the value where it is needed"};
        if (!tag.empty() && tag != "?" && tag != "!")
            throw Refused{node.position,
                          "the tag " + escape_foreign(tag, 64) + " is not taken: write the plain value"};
        if (++nodes_ > most_nodes) throw Refused{node.position, "more values than a configuration can have"};
        return node;
    }

    void leaf(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind,
              const std::string& value) {
        Node node = make(mark, tag, anchor, kind);
        node.scalar = value;
        if (wants_key()) {
            begin_entry(node);
        } else {
            put(std::move(node));
        }
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
        Node node = make(mark, tag, anchor, kind);
        if (wants_key()) throw Refused{node.position, "a key has to be a single word"};
        if (levels_.size() >= deepest) throw Refused{node.position, "nested deeper than any setting is"};
        levels_.push_back({std::move(node), std::nullopt});
    }

    void close() {
        Node node = std::move(levels_.back().node);
        levels_.pop_back();
        put(std::move(node));
    }

    [[nodiscard]] bool wants_key() const {
        return !levels_.empty() && levels_.back().node.kind == Node::Kind::map && !levels_.back().entry;
    }

    void begin_entry(const Node& key) {
        Level& level = levels_.back();
        if (const Node* first = level.node.find(key.scalar); first != nullptr && !key.scalar.empty()) {
            Problem problem;
            problem.position = key.position;
            problem.what = "the key '" + escape_foreign(key.scalar, 64) +
                           "' stands here a second time; the first is in line " +
                           std::to_string(first->position.line);
            tree_.problems.push_back(std::move(problem));
        }
        if (level.node.entries.size() >= 20000)
            throw Refused{key.position, "more keys than one section can have"};
        level.entry = Node::Entry{key.scalar, key.position, Node{}};
    }

    void put(Node node) {
        if (levels_.empty()) {
            tree_.root = std::move(node);
            return;
        }
        Level& level = levels_.back();
        if (level.node.kind == Node::Kind::list) {
            level.node.items.push_back(std::move(node));
            return;
        }
        level.entry->value = std::move(node);
        level.node.entries.push_back(std::move(*level.entry));
        level.entry.reset();
    }

    const Lines& lines_;
    YamlTree& tree_;
    std::vector<Level> levels_;
    std::size_t nodes_ = 0;
    int documents_ = 0;
};

/// The first byte that no text file has.
std::optional<Refused> find_rubbish(std::string_view text, const Lines& lines) {
    for (std::size_t at = 0; at < text.size();) {
        const Character next = first_character(text.substr(at));
        if (!next.valid) return Refused{lines.place_of_byte(at), "this byte is not UTF-8 text"};
        const bool line_end = next.code == '\n' || (next.code == '\r' && text.substr(at).starts_with("\r\n"));
        const bool control = (next.code < 0x20 && next.code != '\t') || next.code == 0x7F ||
                             (next.code >= 0x80 && next.code < 0xA0);
        if (control && !line_end)
            return Refused{lines.place_of_byte(at),
                           "a control character: " + escape_foreign(text.substr(at, next.bytes))};
        at += next.bytes;
    }
    return std::nullopt;
}

void refuse(YamlTree& tree, Position position, std::string what) {
    Problem problem;
    problem.position = position;
    problem.what = std::move(what);
    tree.problems.push_back(std::move(problem));
}

}  // namespace

const Node* Node::find(std::string_view key) const {
    for (const Entry& entry : entries)
        if (entry.key == key) return &entry.value;
    return nullptr;
}

YamlTree read_yaml(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    YamlTree tree;
    const Lines lines(text);
    if (text.size() > Document::max_bytes) {
        refuse(tree, {}, "the file is larger than 1 MiB: not a configuration");
        return tree;
    }
    try {
        if (auto rubbish = find_rubbish(text, lines)) throw Refused(std::move(*rubbish));
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        TreeBuilder builder(lines, tree);
        while (parser.HandleNextDocument(builder)) {
        }
        tree.complete = true;
    } catch (const Refused& refused) {
        refuse(tree, refused.position, refused.what);
    } catch (const YAML::Exception& error) {
        refuse(tree, lines.place(error.mark), "not YAML: " + escape_foreign(error.msg, 200));
    }
    return tree;
}

}  // namespace garita::runtime
