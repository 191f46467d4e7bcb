#include <algorithm>

#include "model/port_specification.hpp"
#include "runtime/config/checker.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"
#include "runtime/log/log.hpp"

namespace garita::runtime {

namespace {

class ShapeCheck {
  public:
    ShapeCheck(Outside outside, std::vector<Problem>& problems) : outside_(outside), problems_(problems) {}

    void check(const Node& node, const Shape& shape, const std::string& path, Position key) {
        if (shape.is_map())
            check_map(node, shape, path, key);
        else if (shape.is_list())
            check_list(node, shape, path, key);
        else
            check_leaf(node, *shape.setting, path, key);
    }

  private:
    void add(Position position, const std::string& path, Complaint complaint) {
        problems_.push_back({complaint.weight, position, path, std::move(complaint.what),
                             std::move(complaint.allowed), std::move(complaint.nearest)});
    }

    void check_map(const Node& node, const Shape& shape, const std::string& path, Position key) {
        if (node.kind == Node::Kind::scalar || node.kind == Node::Kind::list) {
            add(node.position, path, {"keys belong here", known_keys(shape), "", Problem::Weight::error});
            return;
        }
        for (const Node::Entry& entry : node.entries)
            check_entry(entry, shape, path);
        for (const auto& [name, child] : shape.keys)
            if (child.setting->need == Need::required && node.find(name) == nullptr)
                add(key, path,
                    {"'" + name + "' is missing", allowed_text(*child.setting), "", Problem::Weight::error});
    }

    void check_entry(const Node::Entry& entry, const Shape& shape, const std::string& path) {
        const Shape* child = shape.find(entry.key);
        const std::string where = path.empty() ? entry.key : path + '.' + entry.key;
        if (child == nullptr) {
            std::vector<std::string_view> known;
            for (const auto& [name, unused] : shape.keys)
                known.push_back(name);
            add(entry.position, path,
                {shown(entry.key) + " is not a setting", known_keys(shape), nearest_name(entry.key, known),
                 Problem::Weight::error});
            return;
        }
        const bool of_host = child->setting != nullptr && child->setting->range == "host";
        if (child == shape.any_key.get() && of_host && !host_spelling(entry.key)) {
            add(entry.position, path,
                {shown(entry.key) + " is no host",
                 "name, address or network, as www.example.org or 192.0.2.0/24", "", Problem::Weight::error});
            return;
        }
        const bool of_port = child->setting != nullptr && child->setting->range == "port";
        if (child == shape.any_key.get() && of_port && !parse_port_key(entry.key)) {
            add(entry.position, path,
                {shown(entry.key) + " is no port", "1 to 65535", "", Problem::Weight::error});
            return;
        }
        if (child == shape.any_key.get() && !of_host && !is_name(entry.key)) {
            add(entry.position, path,
                {shown(entry.key) + " is not a name", "letters, digits, '.', '_' and '-', at most 64", "",
                 Problem::Weight::error});
            return;
        }
        check(entry.value, *child, where, entry.position);
    }

    void check_list(const Node& node, const Shape& shape, const std::string& path, Position key) {
        if (node.kind == Node::Kind::nothing) return;
        if (node.kind != Node::Kind::list) {
            const bool one_value = node.kind == Node::Kind::scalar && shape.item->is_leaf();
            const std::string example = one_value ? "[" + escape_foreign(node.scalar, 80) + "]"
                                                  : "entries that begin with a dash each";
            add(node.position, path, {"a list belongs here", example, "", Problem::Weight::error});
            return;
        }
        if (node.items.empty() && shape.setting->need == Need::required)
            add(key, path,
                {"the list is empty", allowed_text(*shape.item->setting), "", Problem::Weight::error});
        for (std::size_t i = 0; i < node.items.size(); ++i)
            check(node.items[i], *shape.item, path + '[' + std::to_string(i) + ']', node.items[i].position);
    }

    void check_leaf(const Node& node, const Setting& setting, const std::string& path, Position key) {
        auto complaint = setting.type == ValueType::secret ? check_secret(setting, node, outside_)
                                                           : check_value(setting, node, outside_);
        if (complaint)
            add(node.kind == Node::Kind::nothing ? key : node.position, path, std::move(*complaint));
    }

    static std::string known_keys(const Shape& shape) {
        if (shape.any_key) return "names of your choice with settings of their own";
        std::string list;
        for (const auto& [name, unused] : shape.keys)
            list += (list.empty() ? "" : ", ") + name;
        return list;
    }

    Outside outside_;
    std::vector<Problem>& problems_;
};

}  // namespace

void check_shape(const Node& root, const Shape& shape, Outside outside, std::vector<Problem>& problems) {
    ShapeCheck(outside, problems).check(root, shape, "", {1, 1});
}

}  // namespace garita::runtime
