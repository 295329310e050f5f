// What the cards say: of the moment that is looked at. A kept picture keeps its own words.

export function sayAll(parts, own, twin) {
  for (const { card, figure, shown, frozen } of parts) {
    const words = own.header.words[figure.name];
    if (words !== undefined && !frozen) card.say(words, twinWords(figure, shown, twin));
  }
}

function twinWords({ name: figure, twin }, { own, other }, { name, header }) {
  const words = header?.words[figure];
  if (!words) return null;
  if (typeof words === "string") return { name, sentence: words };
  if (other.choice === own.choice) return { name, sentence: words[other.choice] ?? "" };
  // Its own picture below shows another tensor than the one above, which it does not have.
  return twin === "over" ? null : { name, sentence: `${other.choice}: ${words[other.choice] ?? ""}` };
}
