"""The formulas of sentences in LaTeX: what they declare, assume, define and claim, and the names that they are about."""

from __future__ import annotations

import re

from ...language.shape import InputError
from ...reading.latex.declarations import declaration, two_values
from ...reading.latex.formula import read
from ...reading.latex.index_letters import by_entries, paired, picked, relation
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ..parts.formula import ZERO, constant, formula, unbracketed
from ..parts.records import Row, Word
from ..parts.variables import NEXT, VALUE
from ..words.objectives import sought_by
from ..words.sentences import A_CASE, ALIKE, DENIED, HYPOTHETICAL, WITH, Item
from ..words.structure_words import structure, structure_from_equation
from .display_rows import add_statement, in_a_space, last_of_chain, structure_meant, without_list, spread_of
from .statement_forms import of_chance
from .equalities import composed, heading_of, unwritten, with_function_first
from .tex_sides import excerpt, single_name, spelled_tokens
from .index_sides import of_rows, of_samples
from .models import model
from .objectives import objective
from .plain_lines import in_force, known_above, of_motion
from .phrases import enter_case, is_curve, is_domain, listed, oppose, stands_for, with_elements
from .name_structure import assumes, fits, other_value, substitutes, varied_with
from .rows import Statement, statements
from .tex_items import TexItems
from ...patterns import pattern

SATISFIES = pattern(r"\b(?:satisf(?:y|ies)|obeys?|fulfils?)\b")
SUPPOSES = pattern(r"\b(?:suppose|assume|let|if|when|require|must|should|such that)\b", re.I)


class InlineFormulas(TexItems):
    """The formulas of sentences in LaTeX."""

    lasting = True
    with_it = False         # whether an equation is said to hold of what it names
    alike = a_case = False          # whether it is said to be found as the one before was, and whether it says when something is so

    def phrase(self, name: str, after: list[Item], around: list[str]) -> bool:
        """Take `$s$ stands for $1^T e$`, and `$W$ is a diagonal matrix with elements $p_i$`, as definitions; whether it is one."""
        index = len(after) > 1 and len(after[0].text.strip()) == 1
        return stands_for(self.sheet, name, after[0], (around[1].strip(), *around[::2])) or with_elements(
            self.sheet, name, f"{around[1]} # {around[2]}" if index else around[1], after[index])

    def of_structure(self, item: Item) -> list[str]:
        """Take a remark such as A_ij = A_ji, which is read by entries, as a word of structure, and sum_j y_ij = 1 as an assumption; the
        names of it."""
        last = self.sheet.rows[-1] if self.sheet.rows[self.begun:] else None
        if last is None or last.role != "remark" or last.why is not None or self.hedged:
            return []
        word = structure_from_equation(last.left or "", last.right)
        self.sheet.rows.pop()
        if word is not None and self.clause.mood:
            self.said([[word[0]]], [word[1]], item)
            return [word[0]]
        sides = last.left or "", last.right
        if last.left and (substitutes(self.sheet, *sides) or self.clause.mood and assumes(self.sheet, *sides)):
            self.assume(*sides)
        else:
            self.sheet.rows.append(last)
        return []

    def assume(self, left: str, right: str) -> None:
        """Enter an equation as one that holds, as long as the clause says."""
        facts, mood = self.sheet.facts, self.clause.mood
        given = left if substitutes(self.sheet, left, right) else ""
        earlier = facts.values([left], f"{left} = {right}")
        facts.end([], earlier, len(self.sheet.rows))          # Let now A = 2I, below A = I
        self.assumed += [len(facts.assumed)] if mood == "if" else []
        self.hoped |= {len(facts.assumed)} if mood == "suppose" or given or NAME.fullmatch(left) and mood != "fact" else set()
        lasting = mood == "fact" and constant(right) and not earlier
        begins = 0 if lasting else self.display if self.behind and mood == "if" else len(self.sheet.rows)      # `.. = 2x if Ax = b`
        self.sheet.assume(f"{left} = {right}", begins, given=given)

    def enter(self, item: Item, words: str, about: list[list[str]]) -> list[str]:
        """What a formula in a sentence is about."""
        sheet = self.sheet
        if is_domain(self.sheet, about, words, item):
            return []
        self.with_it = WITH.search(words) is not None or bool(about) and self.with_it and words.endswith((",", "and"))
        self.alike, self.a_case = (said.search(words) is not None for said in (ALIKE, A_CASE))
        try:
            source = spelled_tokens(sheet, item.start, item.end)
            found = list(statements(source, sheet.names, sheet.text))
        except InputError:
            if "=" in item.text:
                self.passed(item)
            return []
        if [(len(s.sides), s.sign) for s in found] == [(1, "")]:
            found = [found[0]._replace(sides=(tuple(source),))]         # all of `A, B`
        out: list[str] = []
        for s in found:
            try:
                if s.goes_on and s is not found[0]:         # $f = a \\ = b$
                    add_statement(sheet, s)
                    continue
                out += self.one(s, item)
            except InputError:
                self.passed(item) if len(s.sides) > 1 else None
        return out

    def one(self, s: Statement, item: Item) -> list[str]:
        """A declaration, a hypothesis, a definition, a claim, or the names it speaks of."""
        sheet = self.sheet
        if not self.hedged and (labels := two_values(*s.sides)) is not None:
            sheet.facts.squares.update([labels])
            if declaration(s.sides[0], sheet.names, sheet.text, structure) is None:
                return [labels[0]]
        of_entries = without_list(sheet, in_a_space(sheet, s))
        if of_entries is None:
            return [n for n in [single_name(sheet, s.sides[0])] if n]
        if (apart := with_function_first(sheet, of_entries))[1:]:
            return [n for part in apart for n in self.one(part, item)]
        s = of_entries
        if spread := spread_of(sheet, s):
            sheet.facts.say(Word(*spread, 0))
            return [spread[0]]
        if (related := relation(s.sides, s.sign, sheet.names)) is not None:
            sheet.of_indices(relation=related)
        if related is not None or of_chance(s) or composed(sheet, s) or unwritten(sheet, s):
            return []
        return self.alone(s, item) if len(s.sides) == 1 else self.equality(s, item)

    def alone(self, s: Statement, item: Item) -> list[str]:
        """A formula that is no equality: a declaration, a hypothesis, names."""
        sheet = self.sheet
        if given := declaration(s.sides[0], sheet.names, sheet.text, structure):
            names, _, space = given.partition(" in ")
            sheet.declared(f"{names} in {space.split()[0]}" if space and self.hedged else given)
            return [n.strip() for n in names.partition(":")[0].split(",")]
        if not s.sign:
            names = [*filter(None, listed(sheet, s.sides[0]))]
            if not names and not self.hedged and (wanted := sought_by(sheet.text, item.start, item.end)) is not None:
                objective(sheet, self.side(item), wanted, self.number(item))
            return names
        enter_case(sheet, s)
        if (meant := structure_meant(sheet, s)) is None:
            if self.plainly and not self.hedged and self.clause.mood not in ("if", "for") and "case" not in self.around(item):
                oppose(sheet, s)
            self.passed(item)
        else:
            self.said([[meant[0]]], [meant[1]], item)
        return []

    def equality(self, s: Statement, item: Item) -> list[str]:
        """An equality: a hypothesis, a definition, a claim."""
        sheet = self.sheet
        above = [*sheet.rows[:self.begun][-1:], *sheet.rows[self.begun:]]
        solution = any(r.role == "condition" or ZERO.fullmatch(r.right) for r in above) and not (self.hedged or self.a_case)
        derivative = any(t in (r"\partial", r"\nabla") for side in s.sides for t, _ in side)
        if of_rows(sheet.indexed, s) or of_samples(sheet.names, s) or \
                any(speaks(s.sides, sheet.names) for speaks in (by_entries, paired, picked)):
            add_statement(sheet, s, "" if derivative or solution else "remark")
            return self.of_structure(item)
        if heading := heading_of(sheet, s):
            sheet.names.arguments[heading[0]] = heading[1]
        fresh, sides = heading is not None, [heading[0]] if heading else []
        try:
            sides += [unbracketed(read(side, sheet.names, sheet.text)) for side in s.sides[len(sides):]]
        except InputError:
            add_statement(sheet, s, "" if derivative and self.clause.mood not in ("suppose", "if") else "remark")
            return self.of_structure(item)
        left, right = sides[:2]
        sheet.facts.varying |= {left} if is_curve(s) else set()
        if is_curve(s) or len(sides) == 2 and len({re.sub(r"\((\w+)\)", r"\1", side) for side in sides}) == 1:
            return [left] if NAME.fullmatch(left) else []           # A = A(t), and what A:B means
        word = structure_from_equation(left, right)
        if len(sides) == 3 and (both := structure_from_equation(left, sides[2])) == structure_from_equation(right, sides[2]):
            word, sides = both, sides[::2] if both is not None else sides       # V'*V = V*V' = I
        if word and (self.hedged or self.elsewhere):
            return self.unsaid([word[0]], word[1], item)            # it is false that A = A'
        if self.elsewhere and not formula(left + right).differential:
            self.passed(item)
            return []
        square = word is None or fits(sheet.names, *word)      # V'*V = I of a V that is not square is an equation
        meant = self.clause.mood or word and word[0] not in sheet.names.bodies and not self.hedged
        if word and square and meant and len(sides) == 2 and not formula(left + right).differential:
            self.said([[word[0]]], [word[1]], item)
            return [word[0]]
        if sheet.names.size(left):
            sheet.clash |= set() if constant(right) else {left}
            self.passed(item)
            return []
        return self.stated(s, item, sides, fresh, solution, square)

    def stated(self, s: Statement, item: Item, sides: list[str], fresh: bool, solution: bool, square: bool) -> list[str]:
        """An equality that says more than structure: whether its function is `fresh`, it may be a `solution`, what should be square is."""
        sheet, (left, right) = self.sheet, sides[:2]
        moving = any(re.search(r"\bd\(|\b(?:grad|jac|hess)\(", side) for side in sides)
        denied = DENIED.match(sheet.text, item.end) is not None         # `Suppose A = B does not hold`
        derived = self.claims and not self.hedged and bool(sheet.names.bodies.keys() & formula(f"{left} {right}").names)
        bound = self.clause.mood and constant(right) and not (constant(left) or self.placed or derived)
        if self.at_point and len(sides) == 2 and NAME.fullmatch(left) and constant(right) and not (
                left in sheet.names.bodies or sheet.new(left) and sheet.unused(left)):
            add_statement(sheet, s, "place") if solution else None
            self.at_value(left, right)
            return []
        met = not sheet.new(left) or self.clause.mood == "if" and not sheet.unused(left)
        later = self.where and NAME.fullmatch(left) and left not in formula(right).names and (
            sheet.differentiated_by(left) or varied_with(sheet, left, right))
        fresh_one = any(sheet.new(n) and sheet.unused(n) for n in formula(f"{left} {right}").names - FUNCTIONS)
        if moving and not (self.hedged or fresh) and of_motion(sheet, left, right, self.with_it, self.clause.mood in ("let", "suppose")):
            return in_force(sheet, self.number(item), left, right)
        binds = self.clause.mood == "fact" and self.with_it and fresh_one and not (sheet.new(left) or later)
        own = bool(NAME.fullmatch(left)) and left in formula(right).names and not (self.leads or self.claims or self.hedged)   # x = A x + b
        if left in formula(right).names and [t for t, _ in s.sides[0] if t == "("] and NAME.fullmatch(left):       # X(t) = X + tY, of two X
            self.passed(item)
            sheet.unclear.unread[left] = self.number(item)
            return [left]
        posed = self.posed or self.clause.mood in ("suppose", "if") or self.clause.mood == "let" and "*" in left and not self.states
        assumed = (bound or not square or binds or own or posed) and not (moving or fresh or self.met or denied) and (met or own)
        named = self.clause.mood == "let" and not (moving or fresh or solution or sheet.new(left))
        said = sheet.text[sheet.text.rfind(". ", 0, item.start) + 1:item.start] if assumed else ""
        obeys = formula(left).names & sheet.names.bodies.keys() and SATISFIES.search(said) and not SUPPOSES.search(said)
        solves = self.clause.mood != "suppose" and not (self.hedged or self.alike) and sheet.is_value(left, right) and \
            sheet.sets_to_zero()
        if obeys or solves:
            add_statement(sheet, s)             # what is defined does so, or does not; a condition has this value
            return []
        if (assumed or named) and not self.states and sheet.another(left, right, item.start):        # `Now let Y = X^2`, below another Y
            found = list(statements(spelled_tokens(sheet, item.start, item.end), sheet.names, sheet.text))
            return self.one(found[0], item) if len(found) == 1 else []
        if assumed and other_value(sheet, left, right, self.number(item)):
            self.passed(item)
            return [left]
        put = not (later or fresh or solution or self.hedged or self.leads or self.claims or self.states) and len(sides) == 2 and \
            HYPOTHETICAL.search(self.around(item)) is None
        if (assumed or put and substitutes(sheet, left, right)) and not (solution and ZERO.fullmatch(right)):
            self.assume(left, right)
            return [left] if NAME.fullmatch(left) else []
        if len(sides) == 2 and not fresh and model(sheet, left, right) is not None:
            add_statement(sheet, s)
            return [left]
        if later and len(sides) == 2 and not moving:
            return self.define(left, right, item, False)
        step = self.steps(left, right)
        concluded = step or len(sides) == 2 and (solution and not moving or self.leads and not fresh and NAME.fullmatch(left) is not None
                                         and any(left in formula(r.text).names for r in sheet.rows))
        if concluded and self.leads and known_above(sheet, left):          # `.. gives q = R c`, below R b = q
            return in_force(sheet, self.number(item), left, right)
        stated = self.clause.mood == "fact" and not (self.leads or concluded or moving)
        implied = stated and left in sheet.implied and sheet.declared_only(left, right, stated=True)
        if not fresh and NAME.fullmatch(left) and (self.hedged and sheet.new(left) and not sheet.unused(left)
                                                   or denied and not (derived or solution) and left not in sheet.names.bodies):
            self.passed(item)               # it would be a mistake to write x = A y
            return [left]
        valued = constant(right) and NAME.fullmatch(left) and not (moving or concluded or sheet.introduced(left) or sheet.unused(left))
        if valued and self.clause.mood in ("", "let", "suppose"):           # Set c = 0, below f = c*x
            return self.with_value(left, right, item)
        if len(sides) == 2 and (sheet.new(left) or implied) and not concluded and (moving or fresh or NAME.fullmatch(left)):
            body = right if not formula(right).differential else last_of_chain(sheet.rows, right) or right
            return self.define(left, body, item, bool(sheet.rows) and not moving and self.clause.mood not in ("if", "let"))
        derived |= step or concluded and sheet.new(left) and VALUE.search(left) is not None      # hence x_hat = inv(A)*b
        derived |= left in sheet.names.arguments and any(t == "(" for t, _ in s.sides[0]) and not self.hedged
        add_statement(sheet, s, "" if (self.found_alike(left, item) or moving or solution or derived) and not denied else "remark")
        return []

    def at_value(self, name: str, value: str) -> None:
        """Take up the place, or the case, that what is said is about: at x = 0."""
        sheet = self.sheet
        self.placed = True
        if not sheet.differentiated_by(name) and all(name not in given for given in sheet.names.arguments.values()):
            self.assumed.append(len(sheet.facts.assumed))           # no point, but a case
        sheet.assume(f"{name} = {value}", len(sheet.rows))

    def steps(self, left: str, right: str) -> bool:
        """Whether an equation says the next value of what is differentiated by: beta_plus = beta - t*g."""
        found = NEXT.fullmatch(left) if self.sheet.new(left) and not self.hedged else None
        return found is not None and found[1] in formula(right).names and any(found[1] in formula(r.text).by for r in self.sheet.rows)

    def with_value(self, name: str, value: str, item: Item) -> list[str]:
        """Take up the value of a name that is used above; what no verb says may be meant, a check with A = I."""
        if self.clause.mood:
            self.assume(name, value)
        else:
            self.passed(item)
            self.sheet.unclear.hoped.append(f"{name} = {value}")
        return [name]

    def found_alike(self, name: str, item: Item) -> bool:
        """Whether a name is said to be found as the one above was, where a derivative by it is zero too, which is entered."""
        sheet = self.sheet
        if not self.alike or not sheet.stands(name) or not sheet.sets_to_zero():
            return False
        sheet.add(*(Row(self.number(item), "", d, f"{d} = 0", role="condition") for d in sheet.last_derivatives([name])))
        return True

    def define(self, name: str, body: str, item: Item, told: bool) -> list[str]:
        """Enter a definition, which is `told` where it is one of the rows too; the name."""
        sheet = self.sheet
        if told:
            sheet.told.append(Row(self.number(item), "", name, excerpt(sheet.text, item.start, item.end), defines=name))
        sheet.defined(name, body, self.number(item))
        return [name]
