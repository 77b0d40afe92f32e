/** The functions of jstat that are used; the package has no types of its own. */
declare module 'jstat' {
  interface Inverse {
    inv(probability: number, degreesOfFreedom: number): number;
  }
  const jStat: { studentt: Inverse; chisquare: Inverse };
  export default jStat;
}
