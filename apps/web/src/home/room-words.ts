/**
 * Words for room names: short, friendly, easy to say over the phone. 64 of them, 6 bits each.
 * @module
 */

/** The list. Its length must stay a power of two, or the choice is not even. */
export const ROOM_WORDS: readonly string[] =
  `amber apple aspen autumn bamboo beach birch breeze brook candle cedar cherry
  cloud clover copper coral cotton crane daisy dawn delta ember fern finch
  forest garden ginger harbor hazel honey indigo island ivory jade jasmine kite
  lagoon lake lark lemon lilac linen lotus maple meadow mellow mint moon
  ocean olive opal orchid pearl pebble pine plum rain river robin sage
  silver stone violet willow`.split(/\s+/u);
